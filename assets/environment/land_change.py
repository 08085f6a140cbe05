"""Changes in the land register, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.land_change import LAND_CHANGE

land_change = extract_asset(LAND_CHANGE)
