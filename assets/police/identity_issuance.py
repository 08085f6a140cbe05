"""Identity cards and electronic identities, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.identity_issuance import IDENTITY_ISSUANCE

identity_issuance = extract_asset(IDENTITY_ISSUANCE)
