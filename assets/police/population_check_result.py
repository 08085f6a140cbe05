"""Results of population checks, in the ledger."""

from assets.extract_asset import extract_asset
from schemas.extracts.population_check_result import POPULATION_CHECK_RESULT

population_check_result = extract_asset(POPULATION_CHECK_RESULT)
