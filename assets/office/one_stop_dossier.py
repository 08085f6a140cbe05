"""Dossiers of the one-stop shops, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.one_stop_dossier import ONE_STOP_DOSSIER

one_stop_dossier = extract_asset(ONE_STOP_DOSSIER)
