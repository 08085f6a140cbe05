"""Ledgers as earlier versions wrote them, packed; what this version makes of them is in the tests."""
