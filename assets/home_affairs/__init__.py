"""Extracts owed by the Department of Home Affairs (SNV)."""
