"""The avis: a draft that the team and the members follow, then the document that everybody reads and downloads."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from antigone.convention import actions, rules
from antigone.convention.charts import write_bar
from antigone.convention.documents.avis import say_days, say_place, say_signatures, say_vote
from antigone.convention.documents.contents import Contents, OpinionPart, gather_contents
from antigone.convention.forms.avis import AvisForm
from antigone.convention.models import Avis, AvisFile, Convention, Phase
from antigone.convention.views.answers import is_avis_out
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    person_of,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.convention.wording import LEVELS
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

TYPES = {"odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf"}


@require_safe
def avis(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """Show the avis in a language; a draft is read by the team and the members alone."""
    convention = get_convention(request, slug)
    language = language or convention.language
    if language not in dict(settings.LANGUAGES):
        raise Http404
    held = Avis.objects.filter(convention=convention, language=language).first()
    is_out = is_delivered(convention, held, language)
    if not is_out and not can_read_draft(request, convention):
        if language != convention.language:
            raise Http404
        return _render(request, convention, "convention/answers/no_avis.html", {})
    contents = gather_contents(convention, language, timezone.now())
    with translation.override(language):
        said = _say_contents(contents)
    files = AvisFile.objects.filter(avis=held).defer("data") if held is not None and held.pk else []
    context = {
        "contents": contents,
        "text_language": language,
        "is_delivered": is_out,
        "files": [(file, _address_file(convention, language, file.kind)) for file in files],
        "delivered_languages": _list_languages(convention, language),
        "translations": [(code, name) for code, name in settings.LANGUAGES if code != convention.language],
        "levels": [str(word) for word in LEVELS.values()],
        "can_write": convention.phase == Phase.DELIBERATION,
        **said,
    }
    return _render(request, convention, "convention/answers/avis.html", context)


@require_safe
def avis_file(request: HttpRequest, slug: str, kind: str, language: str = "") -> HttpResponse:
    """Give the file of the avis, in the bytes that were delivered."""
    convention = get_convention(request, slug)
    language = language or convention.language
    file = found(
        AvisFile.objects.filter(
            avis__convention=convention,
            avis__language=language,
            avis__delivered_at__isnull=False,
            kind=kind,
        ).first()
    )
    response = HttpResponse(bytes(file.data), content_type=TYPES[file.kind])
    name = f"{convention.slug}-{_name_file(convention, language, file.kind)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["ETag"] = f'"{file.sha256}"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_avis(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the preamble and the method."""
    convention = get_facilitated(request, slug)
    held = Avis.objects.filter(convention=convention, language=convention.language).first()
    if request.method != "POST":
        return _show_form(request, convention, held, AvisForm(initial=read_avis(held)))
    form = AvisForm(request.POST)
    if not form.is_valid():
        return _show_form(request, convention, held, form, status=422)
    try:
        actions.save_avis(
            convention=convention,
            language=convention.language,
            by=require_person(request),
            **form.cleaned_data,
        )
    except (NotPossible, WrongInput) as error:
        held = Avis.objects.filter(convention=convention, language=convention.language).first()
        typed = request.POST.copy()
        typed["version"] = str(held.version if held is not None else 0)
        form = AvisForm(typed)
        form.is_valid()
        form.add_error(None, say(error))
        saved = held if error.code == "avis_saved_since" else None
        return _show_form(request, convention, held, form, saved=saved, status=error.status)
    messages.success(request, _("The avis is kept."))
    return redirect("convention:avis", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """Ask once more, then deliver the avis: nothing of it changes afterwards."""
    convention = get_facilitated(request, slug)
    language = language or convention.language
    if language not in dict(settings.LANGUAGES):
        raise Http404
    refusal, status = "", 200
    if request.method == "POST":
        try:
            actions.deliver_avis(
                convention=convention,
                language=language,
                site=request.build_absolute_uri("/"),
                by=require_person(request),
            )
        except (NotPossible, WrongInput) as error:
            refusal, status = say(error), error.status
        else:
            messages.success(request, _("The avis is delivered. Everybody reads it now."))
            return redirect(*address_of(convention, language))
    contents = gather_contents(convention, language, timezone.now())
    context = {
        "contents": contents,
        "refusal": refusal,
        "text_language": language,
        "language_name": name_language(language),
        "undecided": convention.proposals.filter(state="draft").count(),
    }
    return _render(request, convention, "convention/answers/deliver.html", context, status=status)


def is_delivered(convention: Convention, held: Avis | None, language: str) -> bool:
    """Tell whether everybody reads the avis in a language."""
    if held is not None and held.delivered_at is not None:
        return True
    # A convention rebuilt from public facts has no file of its own.
    return convention.is_reconstruction and language == convention.language and is_avis_out(convention)


def can_read_draft(request: HttpRequest, convention: Convention) -> bool:
    person = person_of(request)
    return rules.can_follow(person, convention) or rules.get_member(person, convention) is not None


def read_avis(held: Avis | None) -> dict[str, object]:
    if held is None:
        return {"version": 0}
    return {"preamble": held.preamble, "method": held.method, "version": held.version}


def name_language(language: str) -> str:
    return str(dict(settings.LANGUAGES)[language])


def address_of(convention: Convention, language: str) -> tuple[str, ...]:
    """Give what `redirect` takes to go to the avis in a language."""
    if language == convention.language:
        return ("convention:avis", convention.slug)
    return ("convention:avis_language", convention.slug, language)


def _say_contents(contents: Contents) -> dict[str, object]:
    """Say votes, signatures and days in the language of the avis, which may not be that of the page."""
    themes = [
        (
            theme,
            [
                (
                    proposal,
                    # Hundreds of paragraphs: written at once rather than by the template.
                    format_html_join("", "<li>{}</li>", ((text,) for text in proposal.paragraphs)),
                    [(say_vote(vote), write_bar(vote.counts)) for vote in proposal.votes],
                    _sign(proposal.opinions),
                )
                for proposal in theme.proposals
            ],
        )
        for theme in contents.themes
    ]
    return {
        "themes": themes,
        "vote_rows": _write_votes(contents),
        "opinions": _sign(contents.opinions),
        "sessions": [(row, say_days(row.starts_at, row.ends_at)) for row in contents.sessions],
    }


def _write_votes(contents: Contents) -> SafeString:
    """Write the rows of the table of all the votes at once."""
    rows = [
        f'<tr><th scope="row"><a href="#proposition-{proposal.number}">{say_place(proposal.number, vote)}</a></th>'
        + "".join(f'<td class="number">{int(count)}</td>' for count in (*vote.counts, vote.voters))
        + "</tr>"
        for proposal in contents.proposals
        for vote in proposal.votes
    ]
    return mark_safe("".join(rows))  # noqa: S308 (numbers only)


def _sign(opinions: Sequence[OpinionPart]) -> list[tuple[OpinionPart, str]]:
    return [(opinion, say_signatures(opinion.signatures)) for opinion in opinions]


def _list_languages(convention: Convention, current: str) -> list[tuple[str, str, bool]]:
    """Give the languages in which the avis is delivered: code, name, whether it is the one shown."""
    delivered = set(convention.avis.exclude(delivered_at=None).values_list("language", flat=True))
    return [(code, str(name), code == current) for code, name in settings.LANGUAGES if code in delivered]


def _name_file(convention: Convention, language: str, kind: str) -> str:
    return f"avis.{kind}" if language == convention.language else f"avis.{language}.{kind}"


def _address_file(convention: Convention, language: str, kind: str) -> str:
    own = [] if language == convention.language else [language]
    return reverse(f"convention:avis_{kind}", args=[convention.slug, *own])


def _show_form(
    request: HttpRequest,
    convention: Convention,
    held: Avis | None,
    form: AvisForm,
    *,
    saved: Avis | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "avis": held, "saved": saved}
    return _render(request, convention, "convention/answers/edit_avis.html", context, status=status)


def _render(
    request: HttpRequest, convention: Convention, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render_place(request, template, convention, context, place="convention:avis", status=status)
