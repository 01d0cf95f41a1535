# Each target does the install it needs.
.PHONY: install run test lint format benchmarks

install:
	@deploy/install base

run: install
	@.venv/bin/antigone run --demo

test:
	@deploy/install dev
	@deploy/test-tools
	@.venv/bin/python -m pytest -n 2 $(ARGS)

lint:
	@deploy/install dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy

format:
	@deploy/install dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
