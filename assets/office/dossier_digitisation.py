"""Papers of dossiers as they are digitised, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.dossier_digitisation import DOSSIER_DIGITISATION

dossier_digitisation = extract_asset(DOSSIER_DIGITISATION)
