"""Steps of processing dossiers, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.dossier_step import DOSSIER_STEP

dossier_step = extract_asset(DOSSIER_STEP)
