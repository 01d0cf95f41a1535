"""The search page: the passages found, the words asked for marked in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from antigone.library.forms import SearchForm
from antigone.library.models import Passage
from antigone.library.search import Hit, Results, search
from antigone.library.views.people import person_of
from antigone.web.limits import refuse_flood

HITS = 20
EXTRACT_CHARACTERS = 420
BEFORE_CHARACTERS = 80

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as the page shows it: pieces of its text, each marked or not."""

    passage: Passage
    href: str
    pieces: list[tuple[str, bool]]


@require_safe
def search_documents(request: HttpRequest) -> HttpResponse:
    refuse_flood(request, "search")
    person = person_of(request)
    form = SearchForm(request.GET or None, person=person)
    results = Results()
    text = ""
    if form.is_valid() and (text := form.cleaned_data["q"]):
        results = search(text, person=person, limit=HITS, **form.get_filters())
    context = {
        "form": form,
        "text": text,
        "repaired": sorted(results.repaired.items()),
        "found": [_show(hit) for hit in results.hits],
    }
    return render(request, "library/search.html", context)


def cut_extract(text: str, marks: Sequence[Span]) -> list[tuple[str, bool]]:
    """Cut the part of `text` that holds the most marks into pieces, each marked or not.

    >>> cut_extract("La piscine ouvre.", [(3, 10)])
    [('La ', False), ('piscine', True), (' ouvre.', False)]
    """
    start, end = _choose_window(text, marks)
    pieces = [("…", False)] if start else []
    position = start
    for first, last in marks:
        if start <= first and last <= end:
            pieces += [(text[position:first], False), (text[first:last], True)]
            position = last
    pieces.append((text[position:end] + ("…" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece[0]]


def _choose_window(text: str, marks: Sequence[Span]) -> Span:
    """Choose where the extract starts and ends, between words."""
    if len(text) <= EXTRACT_CHARACTERS:
        return 0, len(text)
    starts = [max(0, first - BEFORE_CHARACTERS) for first, _ in marks] or [0]
    best = max(
        starts, key=lambda start: sum(start <= first < start + EXTRACT_CHARACTERS for first, _ in marks)
    )
    start = min(best, len(text) - EXTRACT_CHARACTERS)
    if start:
        start = text.find(" ", start, start + BEFORE_CHARACTERS) + 1 or start
    end = start + EXTRACT_CHARACTERS
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + EXTRACT_CHARACTERS - BEFORE_CHARACTERS)
    return start, end


def _show(hit: Hit) -> Found:
    passage = hit.passage
    address = reverse("library:page", args=[passage.document_id, passage.page.number])
    query = urlencode({"start": passage.start, "end": passage.end})
    return Found(passage, f"{address}?{query}#quote", cut_extract(passage.text, hit.marks))
