"""Essential services as departments report them, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.essential_service_report import ESSENTIAL_SERVICE_REPORT

essential_service_report = extract_asset(ESSENTIAL_SERVICE_REPORT)
