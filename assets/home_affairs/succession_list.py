"""Lists of mergers, splits and changes of code, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.succession_list import SUCCESSION_LIST

succession_list = extract_asset(SUCCESSION_LIST)
