"""Extracts owed by Labour, Invalids and Social Affairs (SLDTBXH)."""
