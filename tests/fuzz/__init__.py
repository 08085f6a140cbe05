"""Fuzzing of every reader: `make fuzz` looks for files that crash, hang or lose rows; a few of each kind are tests."""
