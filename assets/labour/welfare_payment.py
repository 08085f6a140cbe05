"""Payments of social assistance, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.welfare_payment import WELFARE_PAYMENT

welfare_payment = extract_asset(WELFARE_PAYMENT)
