"""Payments for dossiers, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.dossier_payment import DOSSIER_PAYMENT

dossier_payment = extract_asset(DOSSIER_PAYMENT)
