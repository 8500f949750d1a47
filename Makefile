# `make demo` and `make test` do everything on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PHASE ?= voting
PORT ?= 8000

.PHONY: help demo run test proof check translate bench clean

help: ## What can be made here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(BIN)/python
	@echo "Installing into $(VENV) (once; a minute or two)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.installed catalogues ## Fill a demo city and serve it on http://127.0.0.1:8000 (PHASE=submission|assessment|voting|verification|results)
	$(BIN)/python -m civic_budget.demo --phase $(PHASE) --port $(PORT)

run: $(VENV)/.installed ## Serve the database that the environment names (see docs/operating.md)
	$(BIN)/flask --app wsgi run

# Bytecode is kept, whatever the environment says: else each worker would compile everything anew.
test: $(VENV)/.installed-dev catalogues ## The suite, on SQLite and PostgreSQL, with a browser
	@$(BIN)/python -m compileall -q civic_budget migrations
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 3 --dist worksteal -m "not proof"

proof: $(VENV)/.installed-dev catalogues ## Full matrices, every page on both engines, races, faults, loads, statistics: long
	$(BIN)/python -m bench.report

check: $(VENV)/.installed-dev catalogues ## Lint, types, import contracts, templates, catalogues, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/pytest -q tests/house

.PHONY: catalogues
catalogues: $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --directory translations

translate: $(VENV)/.installed-dev ## Bring the four catalogues up to the texts in code and templates
	@$(BIN)/python translations/refresh.py
	@echo "Now translate what is empty in translations/*/LC_MESSAGES/messages.po; make check tells what is missing."

clean: ## Remove the virtual environment and the demo city
	rm -rf $(VENV) instance
