"""How it is stored: readers, archive, ledger, judging, the release build and its editions.

Contracts and what they mean belong in `schemas`; pages and returns in `reports`; nothing here knows about Dagster.
"""
