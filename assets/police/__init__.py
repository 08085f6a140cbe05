"""Extracts owed by the provincial police (CATB)."""
