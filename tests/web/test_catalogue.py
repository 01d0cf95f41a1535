"""The French of the interface; its compiled catalogue is committed, so that nobody needs gettext."""

import ast
import gettext
import re
import string
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[2] / "antigone/locale/fr/LC_MESSAGES/django.po"


def read_source() -> dict[str | tuple[str, int], str]:
    """Read the translated messages of the .po file; a plural's form is keyed (message, form)."""
    messages: dict[str | tuple[str, int], str] = {}
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n")[1:]:
        if "#, fuzzy" in block or "\n#~" in block or block.startswith("#~"):
            continue
        parts = dict(re.findall(r'^(msg\S+) ((?:".*"\n?)+)', block, re.MULTILINE))
        words = {key: "".join(map(ast.literal_eval, text.strip().split("\n"))) for key, text in parts.items()}
        for key, text in words.items():
            if key.startswith("msgstr[") and text:
                messages[words["msgid"], int(key[7])] = text
            elif key == "msgstr" and text:
                context = words.get("msgctxt")
                messages[f"{context}\x04{words['msgid']}" if context else words["msgid"]] = text
    return messages


def test_compiled_catalogue_is_up_to_date() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    compiled.pop("")
    assert compiled == read_source(), (
        "Run `django-admin compilemessages` in antigone/ and commit the .mo file."
    )


def test_translation_has_the_same_holes_as_its_message() -> None:
    for key, text in read_source().items():
        if isinstance(key, str):
            holes = re.findall(r"%\((\w+)\)", key)
            assert sorted(re.findall(r"%\((\w+)\)", text)) == sorted(holes), key


def test_french_punctuation_has_its_unbreakable_space() -> None:
    for text in read_source().values():
        assert not re.search(r" [;:?!»]|« ", text), text
        assert not re.search(rf"[{string.ascii_letters}][?!]", text.partition("://")[0]), text
