"""Extracts owed by Information and Communications (STTTT), some of them together with other agencies."""
