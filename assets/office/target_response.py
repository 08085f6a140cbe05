"""Answers to missed targets, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.target_response import TARGET_RESPONSE

target_response = extract_asset(TARGET_RESPONSE)
