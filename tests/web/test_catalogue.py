"""The French of the interface; its compiled catalogue is committed, so that nobody needs gettext."""

import ast
import gettext
import re
import string
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2] / "antigone"
CATALOGUE = PACKAGE / "locale/fr/LC_MESSAGES/django.po"
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
# What Django makes of a template's tags: gettext(u'…') or ngettext(u'…', u'…', count).
TEMPLATE_CALL = re.compile(r"""gettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


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


def find_marked_messages() -> Iterator[tuple[str, str]]:
    """Yield (file, message) for all that the code and the templates mark as to be translated."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(message)), *_]) if (
                    name in MARKERS
                ):
                    yield str(path.relative_to(PACKAGE)), message
    for path in PACKAGE.rglob("templates/**/*.*"):
        for literal in TEMPLATE_CALL.findall(templatize(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(PACKAGE)), ast.literal_eval(literal)


def test_every_marked_message_has_its_french() -> None:
    french = {key if isinstance(key, str) else key[0] for key in read_source()}
    marked = list(find_marked_messages())
    assert any(name.endswith(".html") for name, _ in marked)
    assert any(name.endswith(".py") for name, _ in marked)
    missing = [f"{name}: {message}" for name, message in marked if message not in french]
    assert not missing, "Run `make messages`, write the French, run it again. Missing:\n" + "\n".join(missing)


def test_no_message_is_empty_fuzzy_or_obsolete() -> None:
    catalogue = CATALOGUE.read_text(encoding="utf-8")
    assert not re.search(r"^#,.*fuzzy|^#~", catalogue, re.MULTILINE)
    assert not re.search(r'^msgstr(\[\d\])? ""$(?!\n")', catalogue, re.MULTILINE)


def test_compiled_catalogue_is_up_to_date() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    compiled.pop("")
    assert compiled == read_source(), "Run `make messages` and commit the .mo file."


def test_translation_has_the_same_holes_as_its_message() -> None:
    for key, text in read_source().items():
        if isinstance(key, str):
            holes = re.findall(r"%\((\w+)\)|{(\w+)}", key)
            assert sorted({*re.findall(r"%\((\w+)\)|{(\w+)}", text)}) == sorted({*holes}), key


def test_french_punctuation_has_its_unbreakable_space() -> None:
    for text in read_source().values():
        assert not re.search(r" [;:?!»]|« ", text), text
        assert not re.search(rf"[{string.ascii_letters}][?!]", text.partition("://")[0]), text
