"""People who take part in social insurance, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.insurance_participant import INSURANCE_PARTICIPANT

insurance_participant = extract_asset(INSURANCE_PARTICIPANT)
