"""Work files handled online, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.work_file_processing import WORK_FILE_PROCESSING

work_file_processing = extract_asset(WORK_FILE_PROCESSING)
