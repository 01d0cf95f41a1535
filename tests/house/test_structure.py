"""The house's own rules (docs/architecture.md), held by a test."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "antigone"
ROOMS = [
    "portal",
    "assistant",
    "gateway",
    "register",
    "convention",
    "consultation",
    "selection",
    "library",
    "accounts",
]
ANATOMY = {
    "__init__", "models", "rules", "actions", "tasks", "forms", "clients", "views", "api", "urls", "admin", "apps",
    "commands", "migrations", "management", "templates", "static",
}  # fmt: skip
# What a room alone does has a file of its own, named for it (docs/adr/0002).
OWN = {
    "accounts": {"adapter", "backends", "context"},
    "library": {"index", "search"},
    "gateway": {
        "allowances",
        "calls",
        "checking",
        "databases",
        "events",
        "networks",
        "services",
        "speaking",
        "charts",
        "engines",
        "guards",
        "metering",
        "meters",
        "openness",
        "queueing",
        "routing",
        "sealing",
        "snapshot",
        "spool",
        "wording",
    },
    "register": set(),
    "selection": {
        "charts",
        "checking",
        "codes",
        "commitments",
        "computing",
        "counting",
        "diagnosing",
        "letters",
        "people",
        "phrases",
        "reading",
        "registers",
        "replacing",
        "results",
        "verifying",
        "wording",
    },
    "assistant": {"answers", "asking", "exports", "extractive", "pages", "prompts", "wording"},
    "consultation": {
        "charts",
        "cookies",
        "door",
        "drawing",
        "figures",
        "opendata",
        "placing",
        "posters",
        "routing",
        "similar",
        "spotting",
        "summaries",
        "wording",
        "writer",
    },
    "convention": {"documents", "opendata", "wording", "charts", "provenance", "checklist", "deadlines"},
    "portal": set(),
}
# Longer than 50 lines for a written reason.
LONG_FUNCTIONS: dict[str, str] = {}


def python_files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split():
        path = ROOT / name
        if "migrations" not in path.parts and path.exists():
            yield path


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_over_500_lines() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: lines for name, lines in long.items() if lines > 500} == {}


def test_no_function_is_over_50_lines_without_a_written_reason() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{function.name}": function.end_lineno - function.lineno + 1
        for path in python_files()
        for function in functions(ast.parse(path.read_text()))
        if function.end_lineno is not None and function.end_lineno - function.lineno + 1 > 50
    }
    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_room_has_only_the_files_of_its_anatomy(room: str) -> None:
    names = {path.stem for path in (PACKAGE / room).iterdir() if not path.name.startswith("__pycache__")}
    assert names - {"__init__"} - ANATOMY - OWN[room] == set()


@pytest.mark.parametrize("room", [*ROOMS, "web", "circuit"])
def test_room_says_what_happens_in_it(room: str) -> None:
    docstring = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text()))
    assert docstring
    assert len(docstring.splitlines()) <= 8


def test_broad_excepts_stand_only_at_the_edges() -> None:
    edges = {
        "antigone/cli.py", "antigone/web/middleware.py", "antigone/circuit/child.py",
        "antigone/library/actions/imports.py",  # the edges of the worker
        "antigone/gateway/api/requests.py",  # the edge of /v1
        "antigone/gateway/services.py",  # of what runs beside the requests
        "antigone/gateway/actions/batches.py",  # and the same, for requests in files
        "antigone/selection/actions/compute.py",
        "antigone/selection/actions/recruitment/importing.py",
    }  # fmt: skip
    broad = {
        str(path.relative_to(ROOT))
        for path in python_files()
        if path.is_relative_to(PACKAGE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        )
    }
    assert broad - edges == set()


def test_every_public_core_function_has_a_docstring() -> None:
    missing = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in (PACKAGE / "core").rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert missing == []


def test_no_address_of_a_registry_or_path_of_a_machine_is_committed() -> None:
    words = [
        "/wo" + "rk/",
        "pypi" + ".org",
        "registry.npm" + "js",
        "pythonho" + "sted",
        "--index-" + "url",
        "/opt/" + "pypi",
    ]
    found = subprocess.run(
        ["git", "grep", "-lIF", *[part for word in words for part in ("-e", word)]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout.split() == []


def test_every_stylesheet_closes_what_it_opens() -> None:
    """A brace lost where two branches meet takes away every rule below it, and no page complains."""
    sheets = [path for path in PACKAGE.rglob("*.css") if "vendor" not in path.parts]
    assert sheets
    assert [path.name for path in sheets if not is_closed(path.read_text())] == []


def is_closed(css: str) -> bool:
    """Tell whether braces pair up, one inside another at most: a rule, in a condition on the screen."""
    depth = 0
    for sign in css:
        depth += (sign == "{") - (sign == "}")
        if not 0 <= depth <= 2:
            return False
    return depth == 0
