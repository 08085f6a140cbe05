"""Lists of administrative units, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.administrative_unit_list import ADMINISTRATIVE_UNIT_LIST

administrative_unit_list = extract_asset(ADMINISTRATIVE_UNIT_LIST)
