"""Extracts owed by the Office of the People's Committee (VPUB)."""
