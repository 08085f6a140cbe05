"""Withdrawals of deliveries, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.delivery_withdrawal import DELIVERY_WITHDRAWAL

delivery_withdrawal = extract_asset(DELIVERY_WITHDRAWAL)
