"""Extracts owed by Education and Training (SGDDT)."""
