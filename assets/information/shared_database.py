"""Shared databases, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.shared_database import SHARED_DATABASE

shared_database = extract_asset(SHARED_DATABASE)
