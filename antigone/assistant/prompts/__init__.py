"""What a model is told. `answer.md` is the whole of it, and a page shows it to everybody."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from antigone.assistant.answers import Source
from antigone.gateway.speaking import Message

# A document is data: it cannot close its own mark-up and go on as if it were us.
_MARKUP = re.compile(r"<(?=\s*/?\s*documents?\b)", re.IGNORECASE)


def read_prompt() -> str:
    """Return the instructions as they stand in the file."""
    return (Path(__file__).parent / "answer.md").read_text()


def write_messages(question: str, sources: Sequence[Source]) -> list[Message]:
    """Return the messages that ask `question` about `sources`, and about nothing else."""
    documents = "\n\n".join(_write_document(source) for source in sources)
    instructions = read_prompt().replace("{city}", settings.THEME.city).replace("{documents}", documents)
    return [{"role": "system", "content": instructions}, {"role": "user", "content": question}]


def _write_document(source: Source) -> str:
    title, page = (
        json.dumps(_defuse(text), ensure_ascii=False) for text in (source.title, source.page_label)
    )
    return f"<document number={source.number} title={title} page={page}>\n{_defuse(source.text)}\n</document>"


def _defuse(text: str) -> str:
    return _MARKUP.sub("‹", text)
