"""Taxpayers and their status, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.taxpayer import TAXPAYER

taxpayer = extract_asset(TAXPAYER)
