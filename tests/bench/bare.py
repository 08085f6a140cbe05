"""DuckDB's bare read of a CSV file into memory, every column a text: what reading costs at least. Prints seconds."""

import json
import sys
from time import perf_counter

import duckdb

if __name__ == "__main__":
    began = perf_counter()
    duckdb.execute("CREATE TEMP TABLE record AS FROM read_csv($file, all_varchar = true)", {"file": sys.argv[1]})
    print(json.dumps({"read_s": perf_counter() - began}))
