# Two commands on a fresh machine: `make demo` and `make test`. Everything else is for people who work on Cutis.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CASES ?= ../shared/cases

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types imports score bench docs lock fuzz clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP) ## set up and check a made-up clinic day; writes out/demo.html
	@mkdir -p out
	@$(BIN)/cutis check examples/clinic_day.837 || test $$? -eq 1 # 1: there are findings
	@$(BIN)/cutis check examples/clinic_day.837 --format html --output out/demo.html || test $$? -eq 1
	@echo "The same as a page: out/demo.html"

test: $(STAMP) ## set up and run every test
	@$(BIN)/python -m pytest -n auto

lint: $(STAMP) ## ruff, mypy, import layers
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

score: $(STAMP) ## recall and false alarms on published cases: make score [CASES=DIR]
	@$(BIN)/python scripts/score.py $(CASES)
	@$(BIN)/python scripts/score_audit.py $(CASES)

bench: $(STAMP) ## claims/s, MB/s and peak memory beside the floor of the same run: make bench [MILLION=1]
	@$(BIN)/python benchmarks/check.py $(if $(MILLION),million)
	@$(BIN)/python benchmarks/coding.py 40000
	@$(BIN)/python benchmarks/notes.py 1000
	@$(BIN)/python benchmarks/pricing.py

docs: $(STAMP) ## build the manual into site/
	@$(BIN)/mkdocs build --strict

lock: ## renew requirements.lock (needs uv)
	uv pip compile --quiet --universal --generate-hashes --group dev --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock

clean: ## remove what was made
	rm -rf $(VENV) out site .pytest_cache .mypy_cache .ruff_cache
