"""What the national portal holds, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.portal_reconciliation import PORTAL_RECONCILIATION

portal_reconciliation = extract_asset(PORTAL_RECONCILIATION)
