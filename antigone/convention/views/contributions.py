"""The members' own words: read by everybody, with what came of them; entered by members and facilitators; themes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.writing import AddContributionsForm, ClassifyForm, ContributeForm, ThemeForm
from antigone.convention.models import Contribution, Convention, Paragraph, ParagraphVersion, Phase
from antigone.convention.provenance import Provenance
from antigone.convention.views.asking import Asked, ask
from antigone.convention.views.people import (
    found,
    get_convention,
    get_facilitated,
    get_membership,
    person_of,
    require_person,
)
from antigone.convention.views.results import list_results
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say

PAGE_SIZE = 100
MOST_CHOSEN = 200


@require_safe
def contributions(request: HttpRequest, slug: str) -> HttpResponse:
    """List the members' words, by theme, to be searched and filtered."""
    convention = get_convention(request, slug)
    themes = list(convention.themes.annotate(total=Count("contributions")))
    words = request.GET.get("q", "").strip()[:200].replace("\0", "")
    theme = next((each for each in themes if str(each.pk) == request.GET.get("theme")), None)
    listed = convention.contributions.select_related("member", "theme", "session")
    listed = listed.annotate(uses=Count("origins")).order_by("theme__position", "theme", "number")
    if words:
        numbers = Q(number=int(words)) if words.isdecimal() and len(words) < 10 else Q()
        listed = listed.filter(Q(text__icontains=words) | numbers)
    if theme is not None:
        listed = listed.filter(theme=theme)
    if request.GET.get("theme") == "none":
        listed = listed.filter(theme=None)
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "themes": themes,
        "theme": theme,
        "words": words,
        "is_choosing": can_begin_proposal(request, convention),
        "is_unclassified": request.GET.get("theme") == "none",
    }
    return render_place(
        request, "convention/writing/contributions.html", convention, context, place="convention:proposals"
    )


@require_safe
def contribution(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show somebody's words and all that came of them: paragraphs, proposals, votes, answers."""
    convention = get_convention(request, slug)
    told = convention.contributions.select_related("member", "theme", "session")
    contribution = found(told.filter(number=number).first())
    versions, ends = Provenance(convention).follow(contribution)
    paragraphs = list(
        Paragraph.objects.filter(pk__in=ends)
        .select_related("proposal__answer")
        .order_by("proposal", "position")
    )
    written = ParagraphVersion.objects.filter(pk__in=versions).select_related("paragraph__proposal", "member")
    proposals = {paragraph.proposal_id for paragraph in paragraphs}
    ballots = convention.ballots.closed().filter(proposal__in=proposals, versions__in=versions)
    context = {
        "contribution": contribution,
        "versions": list(written.order_by("saved_at", "pk")),
        "paragraphs": paragraphs,
        "results": list_results(ballots.select_related("proposal").distinct()),
    }
    return render_place(
        request, "convention/writing/contribution.html", convention, context, place="convention:proposals"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a member's own words."""
    convention, _member = get_membership(request, slug)
    form = ContributeForm(request.POST or None, convention=convention)

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        saved = actions.contribute(
            convention=convention,
            text=given["text"],
            theme=given["theme"],
            is_named=given["is_named"],
            by=require_person(request),
        )
        told = _("Contribution %(number)s is saved, in your words.") % {"number": saved.number}
        return reverse("convention:contribution", args=[slug, saved.number]), told

    asked = Asked(
        title=_("Write a contribution"),
        button=_("Save my words"),
        back=reverse("convention:contributions", args=[slug]),
        lead=_("Everybody can read it, and follow what the convention makes of it."),
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_contributions(request: HttpRequest, slug: str) -> HttpResponse:
    """Take what members wrote on paper: one a line, or a file; all of it, or nothing."""
    convention = get_facilitated(request, slug)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AddContributionsForm(*data, convention=convention)

    def save() -> tuple[str, str]:
        given = form.cleaned_data
        saved = actions.add_contributions(
            convention=convention, words=given["words"], session=given["session"], by=require_person(request)
        )
        told = ngettext(
            "%(count)s contribution is saved.", "%(count)s contributions are saved.", len(saved)
        ) % {"count": len(saved)}
        return reverse("convention:contributions", args=[slug]), told

    asked = Asked(
        title=_("Copy out notes"),
        button=_("Save the contributions"),
        back=reverse("convention:contributions", args=[slug]),
        lead=_("The members’ own words, from the notes on the wall. They are never changed afterwards."),
        context={"is_multipart": True},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def classify(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the contributions chosen in the list under a theme."""
    convention = get_facilitated(request, slug)
    chosen = list(choose_contributions(request, convention))
    form = ClassifyForm(request.POST if request.method == "POST" else None, convention=convention)

    def save() -> tuple[str, str]:
        theme = form.cleaned_data["theme"]
        actions.classify_contributions(
            convention=convention, contributions=chosen, theme=theme, by=require_person(request)
        )
        return reverse("convention:contributions", args=[slug]), _(
            "The contributions are put under this theme."
        )

    asked = Asked(
        title=_("Put under a theme"),
        button=_("Put under this theme"),
        back=reverse("convention:contributions", args=[slug]),
        template="convention/writing/chosen.html",
        context={"chosen": chosen},
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the themes to the facilitators, and take a new one."""
    convention = get_facilitated(request, slug)
    form = ThemeForm(request.POST if request.method == "POST" else None)

    def save() -> tuple[str, str]:
        actions.save_theme(
            convention=convention, title=form.cleaned_data["title"], by=require_person(request)
        )
        return reverse("convention:themes", args=[slug]), _("The theme is added.")

    asked = Asked(
        title=_("Themes"),
        button=_("Add this theme"),
        back=reverse("convention:proposals", args=[slug]),
        template="convention/writing/themes.html",
        context={
            "themes": convention.themes.annotate(
                total=Count("contributions", distinct=True), written=Count("proposals", distinct=True)
            )
        },
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: HttpRequest, slug: str, theme_id: int) -> HttpResponse:
    """Give a theme another title."""
    convention = get_facilitated(request, slug)
    theme = found(convention.themes.filter(pk=theme_id).first())
    form = ThemeForm(request.POST if request.method == "POST" else None, initial={"title": theme.title})

    def save() -> tuple[str, str]:
        actions.save_theme(
            convention=convention, title=form.cleaned_data["title"], theme=theme, by=require_person(request)
        )
        return reverse("convention:themes", args=[slug]), _("The theme is renamed.")

    asked = Asked(
        title=_("Rename the theme"), button=_("Save"), back=reverse("convention:themes", args=[slug])
    )
    return ask(request, convention, form, save, asked)


@login_required
@require_POST
def arrange_theme(request: HttpRequest, slug: str, theme_id: int) -> HttpResponse:
    """Move a theme up, or delete it."""
    convention = get_facilitated(request, slug)
    ordered = list(convention.themes.all())
    theme = found(next((each for each in ordered if each.pk == theme_id), None))
    try:
        if request.POST.get("action") == "delete":
            actions.delete_theme(theme=theme, by=require_person(request))
        else:
            place = ordered.index(theme)
            ordered.insert(max(place - 1, 0), ordered.pop(place))
            actions.order_themes(convention=convention, themes=ordered, by=require_person(request))
    except (NotPossible, WrongInput) as error:
        messages.error(request, say(error))
    return redirect("convention:themes", slug)


def can_begin_proposal(request: HttpRequest, convention: Convention) -> bool:
    """Tell whether the person may choose contributions now, to begin a proposal from them."""
    person = person_of(request)
    is_theirs = rules.can_facilitate(person, convention) or rules.get_member(person, convention) is not None
    return is_theirs and convention.phase == Phase.DELIBERATION


def choose_contributions(request: HttpRequest, convention: Convention) -> QuerySet[Contribution]:
    """Return the contributions whose numbers a list sent as `c`."""
    sent = [*request.GET.getlist("c"), *request.POST.getlist("c")][:MOST_CHOSEN]
    numbers = [int(number) for number in sent if number.isdecimal() and len(number) < 10]
    return convention.contributions.filter(number__in=numbers)
