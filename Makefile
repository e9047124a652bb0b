# Everything a contributor runs. `make demo` and `make test` need nothing but Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-from-lock

.PHONY: help setup demo test check format lock bench clean

help:  ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make .venv from the lock (quick when nothing changed)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Kinkeeper needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make $(MAKECMDGOALS) PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@echo "Installing into $(VENV) (a minute the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup  ## serve the playground with a ready team: a browser page, no tokens
	@$(BIN)/kinkeeper demo

test: setup  ## run all tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n auto

check: setup  ## lint, types, import contracts, lock
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory lock-is-current

.PHONY: lock-is-current
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --group dev --custom-compile-command "make lock" pyproject.toml
lock-is-current: setup
	@cp requirements.lock $(VENV)/expected.lock
	@$(COMPILE) --output-file $(VENV)/expected.lock >/dev/null
	@diff -q requirements.lock $(VENV)/expected.lock >/dev/null || { echo "requirements.lock is behind pyproject.toml: run 'make lock' and commit it."; exit 1; }
	@echo "The lock is current."

lock: setup  ## resolve pyproject.toml's ranges into requirements.lock
	@$(COMPILE) --upgrade --output-file requirements.lock >/dev/null

format: setup  ## let ruff lay the code out
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup  ## measure what users feel: start-up, a round for 1,000 people
	@$(BIN)/python -m benchmarks

clean:  ## remove what the other targets made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
