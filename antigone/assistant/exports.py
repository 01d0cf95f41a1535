"""An answer as a file that keeps its marks and its sources: plain text or OpenDocument."""

import re
from datetime import date
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _
from odfdo import Document, Header, Paragraph

from antigone.assistant.answers import Answer, Outcome, Sentence, Source
from antigone.assistant.wording import explain_outcome, explain_reason, name_mark
from antigone.web.templatetags.web import day

# What XML cannot write.
_UNWRITABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def describe_source(source: Source) -> str:
    """Return a source in one line: its title, page, reference, publisher and date.

    The page's label is its number, or the name of the sheet, slide or part.
    """
    page = _("page %(page)s") % {"page": source.page_label} if source.has_page_image else source.page_label
    published = day(date.fromisoformat(source.published_date)) if source.published_date else ""
    details = [source.title, page, source.reference, source.publisher, published]
    return ", ".join(detail for detail in details if detail)


def as_text(answer: Answer) -> str:
    """Return the answer, its marks and its sources as plain text."""
    return "\n\n".join([answer.question, *_body(answer), *_source_lines(answer), _origin(answer)]) + "\n"


def as_odt(answer: Answer) -> bytes:
    """Return the same as an OpenDocument text."""
    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, _clean(answer.question)))
    for paragraph in _body(answer):
        document.body.append(Paragraph(_clean(paragraph)))
    if answer.sources:
        document.body.append(Header(2, _("Sources")))
    for line in _source_lines(answer):
        document.body.append(Paragraph(_clean(line)))
    document.body.append(Paragraph(_origin(answer)))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _body(answer: Answer) -> list[str]:
    if answer.outcome is not Outcome.ANSWERED:
        return [explain_outcome(answer.outcome)]
    return [_sentence_line(sentence) for sentence in answer.sentences]


def _sentence_line(sentence: Sentence) -> str:
    references = "".join(f"[{number}]" for number in dict.fromkeys(c.source for c in sentence.citations))
    reasons = " ".join(explain_reason(reason) for reason in sentence.reasons)
    return f"{sentence.text} {references} ({name_mark(sentence.mark)}{': ' + reasons if reasons else ''})"


def _source_lines(answer: Answer) -> list[str]:
    return [f"[{source.number}] {describe_source(source)}" for source in answer.sources]


def _origin(answer: Answer) -> str:
    return _("Answered by a machine, Antigone, on %(date)s. Check with the sources before you decide.") % {
        "date": day(timezone.localdate())
    }
