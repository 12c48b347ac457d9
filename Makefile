# A thin list of one-liners: everything works with only Python >= 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint check golden docs bench clean
setup: .venv/ready
.venv/ready: requirements/lock.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("prusoff needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch .venv/ready

demo: setup
	$(BIN)/prusoff run examples/net_imipramine
test: setup
	$(BIN)/python -m pytest -q -n 2
lint: setup
	$(BIN)/ruff format --check --quiet src tests bench docs examples
	$(BIN)/ruff check --quiet src tests bench docs examples
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
check: lint
	$(BIN)/python -m pytest -q -n 2 -m "not slow"
golden: setup
	$(BIN)/python -m pytest -q tests/golden tests/contract/test_readers.py --rewrite-golden
docs: setup
	$(BIN)/python -m docs.build
bench: setup
	$(BIN)/python -m bench
clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
