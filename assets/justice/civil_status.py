"""Births, deaths and marriages, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.civil_status import CIVIL_STATUS

civil_status = extract_asset(CIVIL_STATUS)
