"""What everybody reads: the list of draws, the page of one, its files, and the check of any draw's file."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.core.sortition.documents import dump_json
from antigone.selection import rules
from antigone.selection.charts import draw_quotas
from antigone.selection.forms import VerifyForm
from antigone.selection.models import ComputedFile, Draw
from antigone.selection.results import read_file
from antigone.selection.verifying import Checked, check_published, check_upload, gather_files
from antigone.selection.views.computing import describe_result, download
from antigone.selection.views.cosigning import describe_signature
from antigone.selection.views.drawing import describe_panel, describe_source
from antigone.selection.views.people import get_readable_draw, person_of
from antigone.selection.views.seats import count_states, describe_replacements
from antigone.web.limits import refuse_flood

# One of each kind: certificate, lottery, commitment, secret, draw, pool, targets.
MOST_FILES = 7
VERIFIER = settings.BASE_DIR / "docs" / "reference" / "verify_draw.py"


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    followed = Draw.objects.followed_by(person)
    announced = Draw.objects.announced().select_related("organisation", "commitment")
    context = {
        "followed": followed.select_related("organisation"),
        "announced": announced,
        "can_create": rules.can_create(person),
        "is_team": followed.exists() or rules.can_create(person),
    }
    return render(request, "selection/draws.html", context)


@require_safe
def draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Show the public page of a draw; of one that is not announced, its team's page."""
    shown = get_readable_draw(request, draw_id)
    person = person_of(request)
    if shown.is_prepared:
        # Everybody reads of it only what was refused before.
        if rules.can_follow(person, shown):
            return redirect("selection:prepare", draw_id)
        return render(request, "selection/again.html", {"draw": shown, **describe_signature(shown)})
    context = {
        "draw": shown,
        "commitment": shown.commitment,
        "panel_width": len(str(shown.commitment.document["panel_count"] - 1)),
        "quotas": draw_quotas(shown.targets.all(), shown.size),
        "can_follow": rules.can_follow(person, shown),
        "can_prepare": rules.can_prepare(person, shown),
        "can_cosign": rules.can_cosign(person, shown),
        **describe_source(shown),
        **describe_signature(shown),
    }
    if shown.published_at is not None:
        context |= describe_result(shown.commitment.computation)
        if shown.is_drawn:
            context |= describe_panel(shown)
            context["members"] = shown.seats.values_list(
                "respondent__pseudonym", "holder__pseudonym", "state"
            )
            context |= {"states": count_states(shown), "replacements": describe_replacements(shown)}
    return render(request, "selection/public.html", context)


@require_safe
def published_certificate(request: HttpRequest, draw_id: int) -> HttpResponse:
    shown = _get_published(request, draw_id)
    data = read_file(shown.commitment.computation, ComputedFile.Kind.CERTIFICATE)
    return download(data, "draw.json")


@require_safe
def published_lottery(request: HttpRequest, draw_id: int) -> HttpResponse:
    shown = _get_published(request, draw_id)
    return download(read_file(shown.commitment.computation, ComputedFile.Kind.LOTTERY), "lottery.json")


@require_safe
def published_commitment(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Give the commitment, which is public as soon as it is made."""
    shown = get_readable_draw(request, draw_id)
    if shown.is_prepared:
        raise Http404
    return download(dump_json(shown.commitment.document), "commitment.json")


@require_safe
def published_draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Give the commitment, what fell, the panel, and the secret that opens the commitment."""
    shown = _get_published(request, draw_id)
    if not shown.is_drawn:
        raise Http404
    return download(gather_files(shown)["public-draw.json"], "public-draw.json")


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Give the second verifier, a page of Python that needs nothing else."""
    if not VERIFIER.exists():
        raise Http404
    return download(VERIFIER.read_bytes(), VERIFIER.name, "text/x-python; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check the files of any draw, which are kept nowhere."""
    if request.method == "POST":
        refuse_flood(request, "verify")
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    report: Checked | None = None
    name = ""
    if request.method == "POST" and form.is_valid():
        files = {file.name or "": file.read() for file in form.cleaned_data["documents"][:MOST_FILES]}
        report, name = check_upload(files), ", ".join(files)
    status = 422 if form.errors else 200
    return render(
        request, "selection/verify.html", {"form": form, "report": report, "name": name}, status=status
    )


@require_POST
def verify_published(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Check a published draw again, from its files."""
    refuse_flood(request, "verify")
    shown = _get_published(request, draw_id)
    report = check_published(shown)
    context = {"form": VerifyForm(), "report": report, "name": _("“%(title)s”") % {"title": shown.title}}
    return render(request, "selection/verify.html", context | {"draw": shown})


def _get_published(request: HttpRequest, draw_id: int) -> Draw:
    shown = get_readable_draw(request, draw_id)
    if shown.published_at is None:
        raise Http404
    return shown
