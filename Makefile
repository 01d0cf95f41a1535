# Each target does the install it needs.
.PHONY: install run test lint format messages benchmarks

install:
	@deploy/install base

run: install
	@.venv/bin/antigone run --demo

test:
	@deploy/install dev
	@deploy/test-tools
	@.venv/bin/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint:
	@deploy/install dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy

# Needs gettext (apt-get install gettext). Messages without French come out empty: write them, run it again.
messages: CATALOGUE = locale/fr/LC_MESSAGES/django.po
messages: export DJANGO_SETTINGS_MODULE = antigone.settings
messages: export PYTHONPATH = ..
messages:
	@deploy/install dev
	cd antigone && ../.venv/bin/django-admin makemessages -l fr -i migrations --no-obsolete --add-location file
	cd antigone && sed -i '/^"POT-Creation-Date\|^"Report-Msgid-Bugs-To/d' $(CATALOGUE)
	cd antigone && ../.venv/bin/django-admin compilemessages

format:
	@deploy/install dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
