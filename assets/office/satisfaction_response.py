"""Satisfaction surveys and citizen feedback, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.satisfaction_response import SATISFACTION_RESPONSE

satisfaction_response = extract_asset(SATISFACTION_RESPONSE)
