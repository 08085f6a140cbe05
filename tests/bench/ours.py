"""The warehouse's side: takes in and judges whatever has landed in a home, and prints the seconds of both."""

import json
import sys
from time import perf_counter

from tests.bench import declare_contract
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.storage import open_home


def main(root: str) -> None:
    """Print {"taken_in_s", "judged_s", "files"} as JSON."""
    declare_contract()
    home = open_home(root)
    began = perf_counter()
    record_sendings(home)
    taken_in = perf_counter()
    receipts = judge_pending(home)
    judged = perf_counter()
    print(json.dumps({"taken_in_s": taken_in - began, "judged_s": judged - taken_in, "files": len(receipts)}))


if __name__ == "__main__":
    main(sys.argv[1])
