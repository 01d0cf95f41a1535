"""Markdown that people typed → HTML that holds nothing else than text, headings, lists, tables and links."""

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

# Pages have their own first headings: a text's begin below them.
LOWEST_HEADING = 3
_writer = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def write_html(text: str) -> SafeString:
    """Write Markdown as HTML: no raw HTML, no image, no address but those of the web; headings from h3 down.

    >>> write_html("# A <b>")
    '<h3>A &lt;b&gt;</h3>\\n'
    """
    tokens = _writer.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + LOWEST_HEADING - 1)}"
    html = str(_writer.renderer.render(tokens, _writer.options, {}))
    return SafeString(html)
