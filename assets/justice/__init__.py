"""Extracts owed by the Department of Justice (STP)."""
