"""What a city writes in ANTIGONE_ENGINES."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from antigone.gateway.engines import parse_engines

ENTRY = '[{"name": "Essai", "url": "http://127.0.0.1:8080/v1", "model": "tiny", "licence": "Apache-2.0"}]'


def test_list_is_read() -> None:
    (engine,) = parse_engines(ENTRY)
    assert (engine.name, engine.url, engine.model, engine.licence) == (
        "Essai", "http://127.0.0.1:8080/v1", "tiny", "Apache-2.0",
    )  # fmt: skip


def test_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "engines.json").write_text(ENTRY)
    assert parse_engines(str(tmp_path / "engines.json")) == parse_engines(ENTRY)


@pytest.mark.parametrize(
    "text",
    [
        "no-such-file.json",
        "[{",
        '[{"name": "x"}]',
        '[{"name": "x", "url": "ftp://a", "model": "m"}]',
        '[{"name": "", "url": "http://a", "model": "m"}]',
        '[{"name": "x", "url": "http://a", "model": "m", "colour": "red"}]',
        '[{"name": "x", "url": "http://a", "model": "m", "kind": "magic"}]',
        '[{"name": "x", "url": "http://a", "model": "m", "kind": []}]',
        "[3]",
    ],
)
def test_wrong_value_says_what_to_write(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Write a JSON list"):
        parse_engines(text)
