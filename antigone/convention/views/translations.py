"""Where facilitators translate the avis: what is done, what is not, and each text beside its original."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.convention import actions
from antigone.convention.documents.contents import Wording, list_passages, read_translation, select_proposals
from antigone.convention.forms.avis import PassagesForm, TranslationForm
from antigone.convention.models import Avis, Convention, Proposal, ProposalTranslation
from antigone.convention.views.avis import name_language, read_avis
from antigone.convention.views.people import found, get_facilitated, get_followed, require_person
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Show how far the translation is; take the words around the proposals from facilitators."""
    if request.method != "POST":
        convention = get_followed(request, slug)
        avis = _hold(convention, language)
        return _show(request, convention, language, _make_form(convention, avis))
    convention = get_facilitated(request, slug)
    avis = _hold(convention, language)
    passages = list_passages(convention, avis)
    form = PassagesForm(request.POST, passages=passages)
    if not form.is_valid():
        return _show(request, convention, language, form, status=422)
    try:
        actions.save_passages(
            convention=convention,
            language=language,
            preamble=form.cleaned_data["preamble"],
            method=form.cleaned_data["method"],
            passages=form.get_passages(),
            version=form.cleaned_data["version"],
            by=require_person(request),
        )
    except (NotPossible, WrongInput) as error:
        avis = _hold(convention, language)
        typed = request.POST.copy()
        typed["version"] = str(avis.version if avis.pk else 0)
        form = PassagesForm(typed, passages=list_passages(convention, avis))
        form.is_valid()
        form.add_error(None, say(error))
        is_conflict = error.code == "avis_saved_since"
        return _show(
            request, convention, language, form, saved=avis if is_conflict else None, status=error.status
        )
    messages.success(request, _("The translation is kept."))
    return redirect("convention:translate", slug, language)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate_proposal(request: HttpRequest, slug: str, language: str, number: int) -> HttpResponse:
    """Translate one proposal, paragraph by paragraph."""
    convention = get_facilitated(request, slug)
    _hold(convention, language)
    proposal = found(
        Proposal.objects.filter(convention=convention, number=number)
        .adopted()
        .select_related("theme", "convention")
        .first()
    )
    paragraphs = list(proposal.paragraphs.current())
    kept = proposal.translations.filter(language=language).first()
    if request.method != "POST":
        form = TranslationForm(paragraphs=paragraphs, kept=kept)
        return _show_proposal(request, proposal, language, form)
    form = TranslationForm(request.POST, paragraphs=paragraphs, kept=kept)
    if not form.is_valid():
        return _show_proposal(request, proposal, language, form, status=422)
    try:
        actions.save_translation(
            proposal=proposal,
            language=language,
            title=form.cleaned_data["title"],
            paragraphs=form.get_paragraphs(),
            version=form.cleaned_data["version"],
            by=require_person(request),
        )
    except (NotPossible, WrongInput) as error:
        kept = proposal.translations.filter(language=language).first()
        typed = request.POST.copy()
        typed["version"] = str(kept.version if kept is not None else 0)
        form = TranslationForm(typed, paragraphs=paragraphs, kept=kept)
        form.is_valid()
        form.add_error(None, say(error))
        saved = kept if error.code == "translation_saved_since" else None
        return _show_proposal(request, proposal, language, form, saved=saved, status=error.status)
    messages.success(request, _("The translation is kept."))
    return redirect("convention:translate", slug, language)


def _hold(convention: Convention, language: str) -> Avis:
    """Return the avis in another language than the convention's, not saved where there is none yet."""
    if language not in dict(settings.LANGUAGES) or language == convention.language:
        raise Http404
    held = Avis.objects.filter(convention=convention, language=language).first()
    return held or Avis(convention=convention, language=language)


def _make_form(convention: Convention, avis: Avis) -> PassagesForm:
    initial = read_avis(avis if avis.pk else None)
    return PassagesForm(passages=list_passages(convention, avis), initial=initial)


def _show(
    request: HttpRequest,
    convention: Convention,
    language: str,
    form: PassagesForm,
    *,
    saved: Avis | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = [(proposal, _say_state(proposal)) for proposal in select_proposals(convention, language)]
    main = convention.avis.filter(language=convention.language).first()
    held = _hold(convention, language)
    context = {
        "rows": rows,
        "translated": sum(state == "done" for _proposal, state in rows),
        "form": form,
        "main": main,
        "saved": saved,
        "avis": held,
        "can_deliver": main is not None and main.delivered_at is not None and held.delivered_at is None,
        "text_language": language,
        "language_name": name_language(language),
    }
    return render_place(
        request,
        "convention/answers/translate.html",
        convention,
        context,
        place="convention:avis",
        status=status,
    )


def _say_state(proposal: Proposal) -> str:
    """Tell whether a proposal of `select_proposals` is translated: "done", "stale" or "missing"."""
    paragraphs: list[Wording] = getattr(proposal, "shown", [])
    kept: list[ProposalTranslation] = getattr(proposal, "in_language", [])
    if not kept:
        return "missing"
    return "done" if read_translation(kept[0], paragraphs) is not None else "stale"


def _show_proposal(
    request: HttpRequest,
    proposal: Proposal,
    language: str,
    form: TranslationForm,
    *,
    saved: ProposalTranslation | None = None,
    status: int = 200,
) -> HttpResponse:
    saved_texts = (
        [saved.paragraphs.get(str(paragraph.pk), {}).get("text", "") for paragraph in form.paragraphs]
        if saved is not None
        else []
    )
    context = {
        "proposal": proposal,
        "form": form,
        "saved": saved,
        "saved_texts": saved_texts,
        "text_language": language,
        "language_name": name_language(language),
    }
    return render_place(
        request,
        "convention/answers/translate_proposal.html",
        proposal.convention,
        context,
        place="convention:avis",
        status=status,
    )
