"""Every setting, command and word of the tables is documented, and the documentation names no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
from django.apps import apps

from antigone.cli import antigone
from antigone.core.deliberation.errors import DeliberationError
from antigone.core.opinion.errors import OpinionError
from antigone.core.sortition.errors import SortitionError
from antigone.library.actions.refusals import REFUSALS

ROOT = Path(__file__).resolve().parents[2]
Core = DeliberationError | OpinionError | SortitionError
SETTINGS = re.compile(r"\b(?:ANTIGONE_[A-Z_]+[A-Z]|PORT)\b")


def test_every_setting_is_documented_and_exists() -> None:
    code = "\n".join((ROOT / "antigone" / name).read_text() for name in ("settings.py", "cli.py"))
    read = set(re.findall(r'"(ANTIGONE_[A-Z_]+|PORT)"', code))
    table = (ROOT / "docs" / "settings.md").read_text().split("## Engines")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert documented == read


def commands(group: click.Group, path: str = "antigone") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found[f"{path} {name}"] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} {name}")
    return found


def test_every_command_says_what_it_does_and_is_documented() -> None:
    documented = (ROOT / "docs" / "commands.md").read_text()
    for name, command in commands(antigone).items():
        assert command.help, name
        assert f"`{name}" in documented, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_every_model_has_a_word_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    words = set(re.findall(r"^\| ([a-z ]+) \|", glossary, re.MULTILINE))
    for room in ("accounts", "library", "selection", "convention", "register", "gateway", "assistant"):
        for model in apps.get_app_config(room).get_models():
            spoken = re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
            assert spoken in words, f"{model.__name__} is not in docs/glossary.md"


def test_every_error_code_is_documented() -> None:
    kinds = {
        "NotKnown",
        "MethodNotAllowed",
        "TooLarge",
        "NotAllowed",
        "NotFound",
        "NotPossible",
        "WrongInput",
        "Unavailable",
        "TooManyTries",
    }
    documented = set(
        re.findall(r"^\| `([a-z_. ]+)` \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)
    )
    raised = {
        node.args[0].value
        for path in (ROOT / "antigone").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    cores = {
        kind.code for base in (DeliberationError, OpinionError, SortitionError) for kind in find_errors(base)
    }
    assert raised | set(REFUSALS) | cores == documented


def find_errors(kind: type[Core]) -> Iterator[type[Core]]:
    """Give the errors of a core library that say something of their own."""
    for error in kind.__subclasses__():
        if "message" in vars(error):
            yield error
        yield from find_errors(error)
