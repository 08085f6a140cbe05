"""Extracts owed by the tax department (CTHUE)."""
