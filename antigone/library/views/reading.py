"""What everybody reads: collections, documents, pages, their images and files."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from antigone.core.reading import Box
from antigone.errors import AntigoneError
from antigone.library import rules
from antigone.library.actions.files import get_path
from antigone.library.actions.images import WIDTHS, get_image
from antigone.library.actions.reading import find_boxes
from antigone.library.actions.refusals import describe_notice, get_kind
from antigone.library.forms import SearchForm
from antigone.library.models import Collection, Page
from antigone.library.views.people import get_document, get_version, person_of

DOCUMENTS_A_PAGE = 50
LABELS_SHOWN = 200
IMAGE_WIDTH = WIDTHS[-1]


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    openable = Collection.objects.openable_by(person).with_document_count()
    kept = set(Collection.objects.kept_by(person).values_list("pk", flat=True))
    context = {"collections": openable, "kept": kept, "form": SearchForm(person=person)}
    return render(request, "library/collections.html", context)


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    person = person_of(request)
    opened = get_object_or_404(Collection.objects.openable_by(person), slug=slug)
    is_librarian = rules.can_keep(person, opened)
    documents = opened.documents.current()
    if shows_withdrawn := is_librarian and "withdrawn" in request.GET:
        documents = opened.documents.exclude(withdrawn_at=None)
    page = Paginator(documents, DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "collection": opened,
        "page": page,
        "is_librarian": is_librarian,
        "shows_withdrawn": shows_withdrawn,
    }
    return render(request, "library/collection.html", context)


@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    opened = get_document(request, document_id)
    versions = list(opened.versions.all())
    latest = versions[0]
    pages = latest.pages.defer("text", "word_boxes")
    context = {
        "document": opened,
        "latest": latest,
        "versions": versions,
        "kind": get_kind(latest.media_type),
        "notices": [describe_notice(notice["code"], notice["params"]) for notice in latest.notices],
        "passage_count": opened.passages.count(),
        "page_count": pages.count(),
        "labels": [] if latest.has_page_images else list(pages[:LABELS_SHOWN]),
        "is_librarian": rules.can_keep(person_of(request), opened.collection),
    }
    return render(request, "library/document.html", context)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The image of a page and where the quote stands on it, in thousandths of its width."""

    width: int
    height: int
    boxes: list[Box]


@require_safe
def page(request: HttpRequest, document_id: int, number: int) -> HttpResponse:
    version = get_version(request, document_id, request.GET.get("version"))
    shown = get_object_or_404(version.pages.select_related("version"), number=number)
    start, end = _get_span(request, shown)
    context = {
        "document": version.document,
        "version": version,
        "latest": version.document.versions.latest(),
        "page": shown,
        "before": shown.text[:start],
        "quote": shown.text[start:end],
        "after": shown.text[end:],
        "sheet": _get_sheet(shown, start, end) if version.has_page_images else None,
        "image_width": IMAGE_WIDTH,
        "previous": version.pages.filter(number__lt=number).order_by("-number").first(),
        "next": version.pages.filter(number__gt=number).first(),
        "page_count": version.pages.count(),
    }
    return render(request, "library/page.html", context)


@require_safe
def image(request: HttpRequest, document_id: int, version_id: int, number: int, width: int) -> HttpResponse:
    version = get_version(request, document_id, version_id)
    if width not in WIDTHS or not version.has_page_images or not version.pages.filter(number=number).exists():
        raise Http404
    response = HttpResponse(get_image(version.sha256, number, width), content_type="image/png")
    # A browser may keep what everybody may read for a while; the next person at the machine sees no other.
    is_public = version.document.collection.audience == Collection.Audience.PUBLIC
    response.headers["Cache-Control"] = "private, max-age=600" if is_public else "private, no-store"
    return response


@require_safe
def original(request: HttpRequest, document_id: int, version_id: int) -> FileResponse:
    version = get_version(request, document_id, version_id)
    path = get_path(version.sha256)
    if not path.exists():
        raise Http404
    name = version.document.filename.rpartition("/")[2]
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=version.media_type
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _get_span(request: HttpRequest, page: Page) -> tuple[int, int]:
    """Return where the quote stands in the page's text; nothing where the address does not say it well."""
    start, end = request.GET.get("start", ""), request.GET.get("end", "")
    if not (start.isdecimal() and end.isdecimal() and len(start + end) < 20):
        return 0, 0
    first, last = int(start), min(int(end), len(page.text))
    return (first, last) if first < last else (0, 0)


def _get_sheet(page: Page, start: int, end: int) -> Sheet:
    height = round(1_000 * page.height / page.width) if page.width and page.height else 1_414
    try:
        boxes = find_boxes(page, start, end) if start < end else ()
    except (AntigoneError, OSError):  # the text below still shows the quote
        boxes = ()
    scaled = [Box(box.x * 1_000, box.y * height, box.width * 1_000, box.height * height) for box in boxes]
    return Sheet(1_000, height, scaled)
