"""HTML: what the page says, without its menus, scripts and forms. Nothing it points to is loaded."""

import codecs
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from antigone.core.reading.pages import Limits, Notice, Reading
from antigone.core.reading.parts import Block, build_reading
from antigone.core.reading.plain import decode
from antigone.core.reading.tables import write_rows
from antigone.core.reading.words import Ocr

MEDIA_TYPE = "text/html"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = re.compile(
    "script|style|noscript|template|nav|aside|form|button|select|textarea|iframe|object|embed|svg|canvas|audio"
    "|video|head|-comment"
)
_DROPPED_OUTSIDE_ARTICLES = re.compile("header|footer")
_ARTICLES = re.compile("article|main")
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|rp|rt|ruby|s|samp"
    "|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.I)
_Step = tuple[LexborNode | None, bool]  # a node, None at the end of a block; whether it is in an article
_SPACE = re.compile(r"\s+")


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read headings, paragraphs, items and rows of tables in the order of the page."""
    text, notices = _decode(data)
    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    return build_reading(
        [] if tree.body is None else find_blocks(tree.body),
        limits,
        media_type=MEDIA_TYPE,
        title="" if title is None else title.text(),
        language="" if tree.root is None else tree.root.attributes.get("lang") or "",
        notices=notices,
    )


def find_blocks(body: LexborNode) -> Iterator[Block]:
    """Walk a page and yield its blocks. A stack, not recursion: pages may be nested thousands deep."""
    pieces: list[str] = []
    level, prefix = 0, ""
    stack: list[_Step] = [(body, False)]
    while stack:
        node, in_article = stack.pop()
        tag = node.tag if node is not None else None
        if node is not None and tag == "-text":
            pieces.append(node.text_content or "")
        elif node is not None and tag == "br":
            pieces.append("\v")  # kept when spaces are merged
        elif node is not None and tag and _INLINE.fullmatch(tag):
            if not _is_dropped(node, in_article):
                stack += _get_children(node, in_article)
        else:
            if text := _tidy(pieces):
                yield Block(text if level else prefix + text, level)
                prefix = ""
            pieces, level = [], 0
            if node is None or not tag or _is_dropped(node, in_article):
                continue
            if tag == "table" and len(node.css("table")) == 1:
                yield from (Block(line) for line in write_rows(_read_rows(node)))
                continue
            level = _HEADINGS.get(tag, 0)
            prefix = "- " if tag == "li" else prefix
            stack.append((None, in_article))
            stack += _get_children(node, in_article or bool(_ARTICLES.fullmatch(tag)))


def _get_children(node: LexborNode, in_article: bool) -> Iterator[_Step]:
    return ((child, in_article) for child in reversed(list(node.iter(include_text=True))))


def _is_dropped(node: LexborNode, in_article: bool) -> bool:
    tag = node.tag or ""
    if _DROPPED.fullmatch(tag) or (_DROPPED_OUTSIDE_ARTICLES.fullmatch(tag) and not in_article):
        return True
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _read_rows(table: LexborNode) -> Iterator[list[str]]:
    for row in table.css("tr"):
        yield [
            " ".join(block.text for block in find_blocks(cell))
            for cell in row.iter()
            if cell.tag in ("td", "th")
        ]


def _tidy(pieces: list[str]) -> str:
    lines = "".join(pieces).split("\v")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in lines).strip()


def _decode(data: bytes) -> tuple[str, tuple[Notice, ...]]:
    if declared := _CHARSET.search(data[:2_048]):
        try:
            encoding = codecs.lookup(declared[1].decode("ascii")).name
            return data.decode(encoding), ()
        except (LookupError, UnicodeError):
            pass
    return decode(data)
