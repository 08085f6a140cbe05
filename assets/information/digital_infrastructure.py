"""Fibre, accounts and shared databases, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.digital_infrastructure import DIGITAL_INFRASTRUCTURE

digital_infrastructure = extract_asset(DIGITAL_INFRASTRUCTURE)
