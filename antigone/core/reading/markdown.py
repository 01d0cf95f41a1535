"""Markdown: its text without its marks."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from antigone.core.reading.pages import Limits, Reading
from antigone.core.reading.parts import Block, build_reading
from antigone.core.reading.plain import decode
from antigone.core.reading.tables import write_rows
from antigone.core.reading.words import Ocr

MEDIA_TYPE = "text/markdown"
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read headings, paragraphs, list items, code and rows of tables; raw HTML is left out."""
    text, notices = decode(data)
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", text, count=1))
    blocks = list(_find_blocks(tokens))
    title = next((block.text for block in blocks if block.level == 1), "")
    return build_reading(blocks, limits, media_type=MEDIA_TYPE, title=title, notices=notices)


def _find_blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    level = 0
    rows: list[list[str]] = []
    in_table = False
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "table_open":
                rows, in_table = [], True
            case "tr_open":
                rows.append([])
            case "table_close":
                in_table = False
                yield from (Block(line) for line in write_rows(rows))
            case "inline" if in_table:
                rows[-1].append(_get_text(token))
            case "inline":
                yield Block(_get_text(token), level)
            case "fence" | "code_block":
                yield Block(token.content)


def _get_text(inline: Token) -> str:
    pieces = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            pieces.append(child.content)
        elif child.type == "softbreak":  # where the author's editor wrapped the line: no end of anything
            pieces.append(" ")
        elif child.type == "hardbreak":
            pieces.append("\n")
        elif child.type == "image":
            pieces.append(_get_text(child))
    return "".join(pieces)
