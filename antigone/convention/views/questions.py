"""The questions of the members, from the asking to the answer: everybody follows them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from antigone.convention import actions, rules
from antigone.convention.forms.sessions import AnswerForm, NotedQuestionForm, QuestionForm, SendForm
from antigone.convention.models import Convention, Question
from antigone.convention.views.people import found, get_convention, get_facilitated, person_of, require_person
from antigone.convention.views.sessions import PLACE, with_asker
from antigone.convention.views.shell import render_place
from antigone.errors import WrongInput
from antigone.web.explanations import say

QUESTIONS_A_PAGE = 50


@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """List the questions with what became of each; `state` keeps those of one state."""
    convention = get_convention(request, slug)
    listed = with_asker(convention.questions).prefetch_related("answers")
    state = request.GET.get("state", "")
    if state in Question.State.values:
        listed = listed.filter(state=state)
    else:
        listed, state = listed.exclude(state=Question.State.WITHDRAWN), ""
    person = person_of(request)
    context: dict[str, Any] = {
        "page": Paginator(listed, QUESTIONS_A_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": Question.State.choices,
        "form": None,
        "noting": None,
    }
    if rules.get_member(person, convention):
        context["form"] = QuestionForm(
            convention=convention, initial={"hearing": request.GET.get("hearing") or None}
        )
    elif rules.can_facilitate(person, convention):
        context["noting"] = NotedQuestionForm(convention=convention)
    return render_place(request, "convention/sessions/questions.html", convention, context, place=PLACE)


@login_required
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask as a member, or note as a facilitator what was asked aloud."""
    convention = get_convention(request, slug)
    person = require_person(request)
    if rules.can_facilitate(person, convention):
        return _note(request, convention)
    if rules.get_member(person, convention) is None:
        raise Http404
    form = QuestionForm(request.POST, convention=convention)
    if not form.is_valid():
        context = {"form": form}
        return _render(request, "ask", convention, context, status=422)
    asked = actions.ask_question(convention=convention, by=person, **form.cleaned_data)
    messages.success(request, _("Asked: everybody can follow what becomes of it."))
    return redirect("convention:question", slug, asked.number)


@require_safe
def question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a question with every answer that it had, the latest first."""
    convention = get_convention(request, slug)
    return _show(request, convention, _get_question(convention, number))


@login_required
@require_POST
def send(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    asked = _get_question(convention, number)
    form = SendForm(request.POST, convention=convention)
    if not form.is_valid():
        return _show(request, convention, asked, sending=form, status=422)
    actions.send_question(question=asked, hearing=form.cleaned_data["hearing"], by=require_person(request))
    messages.success(request, _("Sent to the expert."))
    return redirect("convention:question", slug, number)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take the answer of the expert asked, or what a facilitator heard from them."""
    convention = get_convention(request, slug)
    asked = _get_question(convention, number)
    if not _can_answer(request, asked):
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_question(question=asked, by=require_person(request), **form.cleaned_data)
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The answer is public."))
            return redirect("convention:question", slug, number)
    return _show(request, convention, asked, answering=form, status=422)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    convention = get_convention(request, slug)
    asked = _get_question(convention, number)
    if not _can_withdraw(request, asked):
        raise Http404
    actions.withdraw_question(question=asked, by=require_person(request))
    messages.success(request, _("The question is taken back."))
    return redirect("convention:questions", slug)


def _note(request: HttpRequest, convention: Convention) -> HttpResponse:
    form = NotedQuestionForm(request.POST, convention=convention)
    if not form.is_valid():
        return _render(request, "ask", convention, {"form": form}, status=422)
    typed = form.cleaned_data
    noted = actions.note_question(
        convention=convention,
        text=typed["text"],
        member=form.members.get(typed["name"]),
        hearing=typed["hearing"],
        by=require_person(request),
    )
    messages.success(request, _("Asked: everybody can follow what becomes of it."))
    return redirect("convention:question", convention.slug, noted.number)


def _get_question(convention: Convention, number: int) -> Question:
    questions = convention.questions.select_related("convention", "hearing__session", "member")
    return found(questions.filter(number=number).first())


def _can_answer(request: HttpRequest, question: Question) -> bool:
    """Tell whether the person is the expert asked, or writes down what that expert says."""
    person = person_of(request)
    if person is None or question.state not in (Question.State.SENT, Question.State.ANSWERED):
        return False
    return rules.is_expert_asked(person, question) or rules.can_facilitate(person, question.convention)


def _can_withdraw(request: HttpRequest, question: Question) -> bool:
    if question.state not in (Question.State.ASKED, Question.State.SENT):
        return False
    person = person_of(request)
    member = rules.get_member(person, question.convention)
    if question.member is None:
        return rules.can_facilitate(person, question.convention)
    return member is not None and member == question.member


def _show(
    request: HttpRequest,
    convention: Convention,
    question: Question,
    *,
    sending: SendForm | None = None,
    answering: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    answers = list(question.answers.all())
    can_send = rules.can_facilitate(person_of(request), convention) and question.state in (
        Question.State.ASKED,
        Question.State.SENT,
    )
    if can_send and sending is None:
        sending = SendForm(convention=convention, initial={"hearing": question.hearing_id})
    if answering is None and _can_answer(request, question):
        answering = AnswerForm(instance=answers[0] if answers else None)
    hearing = question.hearing
    context = {
        "question": question,
        "answers": answers,
        # Before its hearing is published, the public knows that it was sent, not to whom.
        "hearing": hearing
        if hearing and (hearing.is_published or answering or rules.can_follow(person_of(request), convention))
        else None,
        "sending": sending,
        "answering": answering,
        "is_reporting": answering is not None and (hearing is None or hearing.expert != person_of(request)),
        "can_withdraw": _can_withdraw(request, question),
    }
    return _render(request, "question", convention, context, status=status)


def _render(
    request: HttpRequest, page: str, convention: Convention, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = f"convention/sessions/{page}.html"
    return render_place(request, template, convention, context, place=PLACE, status=status)
