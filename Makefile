# Dateline. `make serve` opens the chat on the sample articles, `make test` runs every test.

PYTHON ?= python3
VENV   := .venv
DATA   ?= ../shared/data
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help serve test test-fast lint install browser wheel reader clean

help: ## List what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## Create .venv and install Dateline with pinned dependencies.

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dateline needs Python 3.11 or newer; run: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian run: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

serve: install ## Index seeds/ when needed and open the chat on 127.0.0.1:7860.
	$(BIN)/python app.py

browser: install
	@$(BIN)/python tests/chromium.py

test: browser ## Run every test, browser tests included.
	$(BIN)/python -m pytest

test-fast: install ## Run the tests that need no model, browser or process of their own.
	$(BIN)/python -m pytest -q -m "not browser and not model and not process and not slow"

lint: install ## Check style, types and the direction of imports.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

wheel: install ## Build the wheel and the source distribution into dist/.
	$(BIN)/python -m build

reader: install ## Train the reader anew from DATA/train (hours); see docs/reader.md.
	$(BIN)/python -m training.reader --data $(DATA)

clean: ## Remove what was built; the virtual environment and libraries stay.
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
