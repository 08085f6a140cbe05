"""Extracts that are fetched: one module per kind of source, and what makes of each answer a file in landing like any other."""
