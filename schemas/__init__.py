"""What is true: one contract per extract, the vocabulary they share, and the reference tables they lean on.

Nothing here reads a file of a department, opens a database or knows about Dagster.
"""
