"""Lists of agencies, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.agency_list import AGENCY_LIST

agency_list = extract_asset(AGENCY_LIST)
