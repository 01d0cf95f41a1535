"""Mail kept as .eml: who wrote to whom, when, about what, and the text."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default

from selectolax.lexbor import LexborHTMLParser

from antigone.core.reading.html import find_blocks
from antigone.core.reading.pages import Limits, Notice, Reading
from antigone.core.reading.parts import Block, build_reading
from antigone.core.reading.plain import decode
from antigone.core.reading.words import Ocr

MEDIA_TYPE = "message/rfc822"
_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read headers as first lines, then the text, else the HTML. Attachments are named, not opened."""
    message = message_from_bytes(data, policy=default)
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    attachments = (
        [Notice("attachments_not_read", {"count": len(names), "names": ", ".join(names)})] if names else []
    )
    return build_reading(
        _find_blocks(message),
        limits,
        media_type=MEDIA_TYPE,
        title=str(message["Subject"] or ""),
        language=str(message["Content-Language"] or ""),
        notices=attachments,
    )


def _find_blocks(message: EmailMessage) -> Iterator[Block]:
    yield from (Block(f"{name}: {message[name]}") for name in _HEADERS if message[name])
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return
    text = _get_text(body).replace("\r\n", "\n")
    if body.get_content_type() == "text/html":
        page = LexborHTMLParser(text).body
        yield from () if page is None else find_blocks(page)
    else:
        yield from (Block(paragraph) for paragraph in text.split("\n\n"))


def _get_text(body: MIMEPart) -> str:
    try:
        return str(body.get_content())
    except LookupError:  # an encoding that nobody knows
        payload = body.get_payload(decode=True)
        return decode(payload)[0] if isinstance(payload, bytes) else ""
