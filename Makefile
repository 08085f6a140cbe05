# Every target sets up what it needs from Python 3.11 or newer, git and make, and is quick when nothing changed.
# Packages come from wherever this machine's pip and uv are configured to look; the lock names only versions and hashes,
# so nothing that is not in it can be installed, and nothing is built here.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Where the data live: landing, ledger, releases and the history of runs.
export WAREHOUSE_HOME ?= data
# Size of the pretend province that `make run` begins with; 1.0 is the whole of Thái Bình.
SCALE ?= 1.0
PORT ?= 3000
# How long `make fuzz` looks for files that break a reader, all readers together.
SECONDS ?= 600

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
READY := $(VENV)/ready
# A file of tests stays in one process: what its fixtures made is used by all of it.
IN_PARALLEL := -n auto --maxprocesses 4 --dist loadfile
DUCKDB_NEXT := $(VENV)/duckdb-next
PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11 python

export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
PIP_COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

.PHONY: help setup run dev test test-all test-duckdb-next lint format bench fuzz lock clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## Make the virtual environment from the lock

$(UV): requirements/bootstrap.txt
	@python=''; \
	for candidate in $(PYTHONS); do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo 'Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3' >&2; exit 1; \
	fi; \
	[ -x $(BIN)/pip ] || "$$python" -m venv --clear $(VENV) || { \
	    echo 'Python could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; \
	}
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

$(READY): $(UV) requirements/lock.txt pyproject.toml
	@echo 'Installing the packages of requirements/lock.txt into $(VENV) ...'
	@$(UV) pip sync --quiet --require-hashes --no-build --compile-bytecode requirements/lock.txt requirements/bootstrap.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The mark tells a simulation that was interrupted from a landing folder that somebody filled.
run: $(READY) ## Make a pretend province if nothing has landed yet, then run the nightly job (SCALE=0.1 for a tenth)
	@if [ ! -d "$$WAREHOUSE_HOME/landing" ] || [ -e "$$WAREHOUSE_HOME/.simulating" ]; then \
	    mkdir -p "$$WAREHOUSE_HOME"; \
	    touch "$$WAREHOUSE_HOME/.simulating"; \
	    $(BIN)/warehouse simulate --year 2023 --scale $(SCALE) --seed 1 --dirt 0.02 --all-extracts --out "$$WAREHOUSE_HOME"; \
	    rm "$$WAREHOUSE_HOME/.simulating"; \
	fi
	@$(BIN)/warehouse run

dev: $(READY) ## Open the Dagster UI (PORT=3000), its history kept between starts
	@mkdir -p "$$WAREHOUSE_HOME/.dagster"
	@cp deploy/dagster.yaml "$$WAREHOUSE_HOME/.dagster/"
	@exec $(BIN)/warehouse ui --port $(PORT)

test: lint ## Lint, types, import rules and the tests that are not slow
	@$(BIN)/pytest $(IN_PARALLEL) -m 'not slow'

test-all: lint ## As `make test`, with the slow tests too
	@$(BIN)/pytest $(IN_PARALLEL)

$(DUCKDB_NEXT): $(READY) requirements/duckdb-next.txt
	@$(UV) pip install --quiet --require-hashes --no-build --no-deps --target $@ -r requirements/duckdb-next.txt
	@touch $@

test-duckdb-next: $(DUCKDB_NEXT) ## The quick tests with the next DuckDB in place of the locked one
	@PYTHONPATH=$(CURDIR)/$(DUCKDB_NEXT) $(BIN)/pytest -m 'not slow'

lint: $(READY) ## Ruff, mypy in strict mode, import rules
	@$(BIN)/ruff check --quiet --no-cache
	@$(BIN)/ruff format --check --quiet --no-cache
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(READY) ## Let ruff mend what it can
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

bench: $(READY) ## Judging beside a hand-written script, a whole `make run` (SCALE=0: without), nights (FULL=1: 7 million records)
	@$(BIN)/python -m tests.bench $(SCALE)
	@$(BIN)/python -m tests.bench.nights $(if $(FULL),1.0,0.05)

fuzz: $(READY) ## Look for files that break a reader (SECONDS=3600 for an hour); goes on where it stopped, in .fuzz/
	@$(BIN)/python -m tests.fuzz $(SECONDS)

lock: $(UV) ## Make the lock again from pyproject.toml (LOCK_OPTIONS=--upgrade for newer versions)
	@$(PIP_COMPILE) $(LOCK_OPTIONS) requirements/bootstrap.in -o requirements/bootstrap.txt
	@$(PIP_COMPILE) $(LOCK_OPTIONS) --extra dev -c requirements/constraints.in pyproject.toml -o requirements/lock.txt
	@$(PIP_COMPILE) $(LOCK_OPTIONS) requirements/duckdb-next.in -o requirements/duckdb-next.txt

clean: ## Remove the environment and the caches; data stay where they are
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
	@find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +
