"""Extracts owed by social insurance (BHXH)."""
