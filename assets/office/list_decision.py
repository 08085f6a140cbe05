"""Decisions about lists held back, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.list_decision import LIST_DECISION

list_decision = extract_asset(LIST_DECISION)
