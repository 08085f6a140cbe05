"""Pupils, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.pupil import PUPIL

pupil = extract_asset(PUPIL)
