# Everything runs inside .venv and .tacho; nothing else on this machine is touched. `make` alone lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup jars run demo verify test test-terraform test-images test-browser lint bench bench-page results doctor clean lock

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCKS := requirements.bootstrap.lock requirements.lock
PROJECTS := schemas services/producer services/enricher services/alerter services/dashboard deploy
export UV_NO_PROGRESS := 1
export PYTHONWARNINGS ?= ignore
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# One resolved set; each image installs its own part of it. No lock names the registry it came from.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
  --no-emit-index-url --no-emit-package tacho-contracts
UPGRADE ?=

# Settings of `make demo`.
SECONDS ?= 60
WINDOW ?= 10s
SUMMARY ?= .tacho/demo/summary.json
KILL ?=

# Processes that share the test files: many of the tests wait for a broker or for Spark to start.
WORKERS ?= 2

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv from the hash-locked requirements (done once, and again when they change)

$(STAMP): $(LOCKS) $(addsuffix /pyproject.toml,$(PROJECTS))
	@PYTHON="$(PYTHON)" VENV="$(VENV)" PROJECTS="$(PROJECTS)" sh deploy/setup.sh
	@touch $@

jars: setup ## Fetch the broker's and Spark's jars and check them against deploy/jars.lock
	@$(BIN)/tacho jars

run: setup ## Run the whole pipeline on this machine until Ctrl-C (FAULTS=allow lets `tacho fault` inject faults)
	@$(BIN)/tacho run $(if $(filter allow,$(FAULTS)),--faults)

demo: setup ## Run it bounded and verify every record (SECONDS=60 WINDOW=10s SUMMARY=FILE KILL=enricher)
	@$(BIN)/tacho demo --seconds $(SECONDS) --window $(WINDOW) --summary $(SUMMARY) $(if $(KILL),--kill $(KILL))

verify: setup ## Prove every record of a running pipeline whose input has ended (`tacho run --seconds 60`)
	@$(BIN)/tacho verify

test: setup jars ## Run all tests that need nothing beyond Python, Java and make
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not terraform and not images and not browser"

test-terraform: setup ## Plan and test every AWS stage without an account (needs Terraform and its AWS plugin)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m terraform

test-images: setup jars ## Build the images and run them against a local broker (needs buildah and debootstrap)
	@sh tests/images/tools.sh
	@$(BIN)/python -m pytest -m images

test-browser: setup ## Look at the live page with Chromium (needs Debian's chromium, or another)
	@sh tests/browser/tools.sh
	@$(BIN)/python -m pytest -m browser

lint: setup ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy schemas/src services/producer/src services/enricher/src services/alerter/src services/dashboard/src deploy/src
	@$(BIN)/lint-imports

bench: setup jars ## Measure speed and write docs/benchmarks.md
	@$(BIN)/python -m benchmarks

bench-page: setup ## Measure the live page and write docs/benchmarks-page.md (needs Chromium)
	@$(BIN)/python -m benchmarks.page

doctor: setup ## Say what is missing on this machine, one sentence each
	@$(BIN)/tacho doctor

clean: ## Remove earlier runs (.tacho/run, .tacho/demo); jars and .venv stay
	@rm -rf .tacho/run .tacho/demo

results: setup jars ## Drive a seeded fleet for 20 minutes at speed-up and write docs/results (needs Chromium)
	@$(BIN)/python -m benchmarks.results

lock: setup ## Resolve the requirements anew (UPGRADE=--upgrade for the newest) and write all locks
	@$(COMPILE) $(UPGRADE) requirements.bootstrap.in -o requirements.bootstrap.lock
	@$(COMPILE) $(UPGRADE) $(addsuffix /pyproject.toml,$(PROJECTS)) requirements.dev.in -o requirements.lock
	@for project in $(PROJECTS); do \
	  $(COMPILE) $$project/pyproject.toml -c requirements.lock -o $$project/requirements.lock || exit 1; \
	done
