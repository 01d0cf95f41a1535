from pathlib import Path

import pytest

from antigone.core.grounding import Source

TOWN = Path(__file__).parent / "town"


def read_lines(name: str) -> list[str]:
    """Read the sentences of one file of the town, one a line."""
    return (TOWN / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="session")
def town() -> list[Source]:
    """The town's documents: a title on the first line, then the text."""
    paths = sorted(TOWN.glob("source-*.txt"))
    texts = [path.read_text(encoding="utf-8").split("\n", 1) for path in paths]
    return [Source(path.stem, text.strip(), title) for path, (title, text) in zip(paths, texts, strict=True)]
