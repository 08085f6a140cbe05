"""Lists of administrative procedures, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.procedure_catalogue import PROCEDURE_CATALOGUE

procedure_catalogue = extract_asset(PROCEDURE_CATALOGUE)
