"""Packaged reference tables: small, versioned facts that contracts and the release build on.

What belongs here: CSV files whose every row names its source, and their typed loaders (``tables``). What does not:
data that suppliers deliver, and anything that depends on a delivery.
"""
