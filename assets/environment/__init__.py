"""Extracts owed by Natural Resources and Environment (STNMT)."""
