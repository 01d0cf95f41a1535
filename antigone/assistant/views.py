"""Pages of the assistant. A visitor's questions are answered and forgotten; a person's are kept and shown."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from antigone.accounts.models import Person
from antigone.assistant import actions
from antigone.assistant.answers import Answer, Sentence
from antigone.assistant.asking import EXTRACTIVE, Inquiry, answer_inquiry, find_engine, inquire, write_answer
from antigone.assistant.exports import as_odt, as_text
from antigone.assistant.forms import AskForm, ExportForm, FeedbackForm, seal_answer, seal_earlier
from antigone.assistant.models import Conversation, Feedback, Suggestion
from antigone.assistant.pages import show_answer, show_sentence
from antigone.assistant.prompts import read_prompt
from antigone.errors import NotFound, WrongInput
from antigone.library.models import Collection

SUGGESTIONS = 4
ROWS_A_PAGE = 30


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered, with who asked it and where."""

    person: Person | None
    conversation: Conversation | None
    earlier: list[str]
    engine: str
    inquiry: Inquiry


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show the question's form and, once asked, the answer; in a conversation, what was said before."""
    if request.method != "POST":
        person = person_of(request)
        return _show(request, _conversation(person, pk), _form(person, initial=request.GET.dict()))
    asked = _read_question(request, pk)
    if isinstance(asked, HttpResponse):
        return asked
    answer = answer_inquiry(asked.inquiry, find_engine(asked.engine))
    kept = _keep(asked, answer)
    if kept is not None:
        return redirect(f"{reverse('assistant:conversation', args=[kept.pk])}#last")
    return _show(request, None, _next_form(asked), answers=[answer])


async def stream(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """Answer sentence by sentence, as server-sent events; closing the connection stops the engine."""
    if request.method != "POST":
        return HttpResponse(status=405)
    await request.auser()
    asked = await sync_to_async(_read_question)(request, pk)
    if isinstance(asked, HttpResponse):
        return asked
    events = _write_events(request, asked, get_language())
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _write_events(request: HttpRequest, asked: Asked, language: str) -> AsyncIterator[str]:
    """Yield each sentence as HTML, then the finished conversation with its address.

    The page's language is set anew: the middleware that chose it is done when the stream begins.
    """
    engine = find_engine(asked.engine)
    languages = {source.number: source.language for source in asked.inquiry.sources}
    with override(language):
        if engine is None:
            yield await sync_to_async(_final_event)(request, asked, answer_inquiry(asked.inquiry, None))
            return
        async with aclosing(write_answer(asked.inquiry, engine)) as parts:
            async for part in parts:
                if isinstance(part, Sentence):
                    shown = {"sentence": show_sentence(part, languages)}
                    yield _event("sentence", render_to_string("assistant/ask.html#sentence", shown))
                else:
                    yield await sync_to_async(_final_event)(request, asked, part)


def _final_event(request: HttpRequest, asked: Asked, answer: Answer) -> str:
    kept = _keep(asked, answer)
    context = _context(
        request, kept, _form(asked.person) if kept else _next_form(asked), [] if kept else [answer]
    )
    html = render_to_string("assistant/ask.html#talk", context, request)
    address = reverse("assistant:conversation", args=[kept.pk]) if kept else ""
    return _event("done", json.dumps({"html": html, "address": address}))


def _event(name: str, data: str) -> str:
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"event: {name}\n{lines}\n"


def _read_question(request: HttpRequest, pk: int | None) -> Asked | HttpResponse:
    """Return what was asked and found, or the page that says what is wrong with the question."""
    person = person_of(request)
    conversation = _conversation(person, pk)
    form = _form(person, request.POST)
    if form.is_valid():
        earlier = _earlier(conversation) or form.cleaned_data["earlier"]
        chosen = form.cleaned_data["collection"]
        try:
            inquiry = inquire(
                form.cleaned_data["question"],
                person=person,
                earlier=earlier,
                collections=[chosen] if chosen else None,
            )
        except WrongInput as error:
            form.add_error("question", str(error))
        else:
            return Asked(person, conversation, earlier, form.cleaned_data["engine"], inquiry)
    return _show(request, conversation, form, status=422)


def _keep(asked: Asked, answer: Answer) -> Conversation | None:
    if asked.person is None:
        return None
    return actions.keep_exchange(person=asked.person, answer=answer, conversation=asked.conversation)


def _conversation(person: Person | None, pk: int | None) -> Conversation | None:
    """Return the person's own conversation; another's is not there at all."""
    if pk is None:
        return None
    if person is None:
        raise NotFound("conversation_not_found", _("This conversation does not exist, or is not yours."))
    return get_object_or_404(Conversation.objects.of(person), pk=pk)


def _earlier(conversation: Conversation | None) -> list[str]:
    if conversation is None:
        return []
    last = conversation.exchanges.last()
    return [Answer.from_json(last.answer).understood] if last else []


def _form(person: Person | None, data: Any = None, **kwargs: Any) -> AskForm:
    engines = [(engine.name, engine.name) for engine in settings.ENGINES]
    if engines:
        engines.append((EXTRACTIVE, _("Quotes alone, without a model")))
    return AskForm(data, collections=Collection.objects.readable_by(person), engines=engines, **kwargs)


def _next_form(asked: Asked) -> AskForm:
    """Return the form of the next question of a visitor, who carries the earlier ones along."""
    earlier = [*asked.earlier, asked.inquiry.understood]
    return _form(None, initial={"earlier": seal_earlier(earlier), "engine": asked.engine})


def _show(
    request: HttpRequest,
    conversation: Conversation | None,
    form: AskForm,
    *,
    answers: Sequence[Answer] = (),
    status: int = 200,
) -> HttpResponse:
    return render(
        request, "assistant/ask.html", _context(request, conversation, form, answers), status=status
    )


def _context(
    request: HttpRequest, conversation: Conversation | None, form: AskForm, answers: Sequence[Answer]
) -> dict[str, Any]:
    person = person_of(request)
    if conversation is not None:
        answers = [Answer.from_json(exchange.answer) for exchange in conversation.exchanges.all()]
    return {
        "conversation": conversation,
        "form": form,
        "can_stream": bool(settings.ENGINES),
        "shown": [
            {"answer": show_answer(answer, person=person), "sealed": seal_answer(answer)}
            for answer in answers
        ],
        "suggestions": Suggestion.objects.for_person(person).order_by("?")[:SUGGESTIONS]
        if not answers
        else [],
    }


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """List the person's own conversations."""
    conversations = Conversation.objects.of(_signed_in(request))
    page = Paginator(conversations, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "assistant/history.html", {"page": page, "days": settings.CONVERSATION_DAYS})


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = get_object_or_404(Conversation.objects.of(_signed_in(request)), pk=pk)
    actions.delete_conversation(conversation=conversation)
    messages.success(request, _("The conversation is deleted."))
    return redirect("assistant:history")


@login_required
@require_POST
def delete_all(request: HttpRequest) -> HttpResponse:
    count = actions.delete_all_conversations(person=_signed_in(request))
    deleted = ngettext("%(count)s conversation is deleted.", "%(count)s conversations are deleted.", count)
    messages.success(request, deleted % {"count": count})
    return redirect("assistant:history")


@login_required
@require_GET
def export_history(request: HttpRequest) -> HttpResponse:
    """Give the person all that is kept of theirs, as JSON, less what they may not read any more."""
    person = _signed_in(request)
    kept = [
        {
            "title": conversation.title,
            "started_at": conversation.started_at,
            "expires_at": conversation.expires_at,
            "exchanges": [
                {
                    "question": exchange.question,
                    "answer": show_answer(Answer.from_json(exchange.answer), person=person).answer.as_json(),
                    "asked_at": exchange.asked_at,
                }
                for exchange in conversation.exchanges.all()
            ],
        }
        for conversation in Conversation.objects.of(person).prefetch_related("exchanges")
    ]
    return _download(
        json.dumps(kept, default=str, ensure_ascii=False, indent=2), "application/json", "conversations.json"
    )


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Give an answer as a file, with its marks and sources."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        raise WrongInput("answer_altered", _("This page is too old or was altered. Ask the question again."))
    answer = show_answer(form.cleaned_data["answer"], person=person_of(request)).answer
    if form.cleaned_data["layout"] == "odt":
        return _download(as_odt(answer), "application/vnd.oasis.opendocument.text", "reponse.odt")
    return _download(as_text(answer), "text/plain; charset=utf-8", "reponse.txt")


@require_POST
def feedback(request: HttpRequest) -> HttpResponse:
    """Hand what a reader says of an answer to the librarians concerned."""
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        raise WrongInput("answer_altered", _("This page is too old or was altered. Ask the question again."))
    actions.give_feedback(**form.cleaned_data)
    return render(request, "assistant/thanks.html")


@login_required
@require_GET
def feedback_queue(request: HttpRequest) -> HttpResponse:
    """List what readers said, for the librarians."""
    person = _signed_in(request)
    page = Paginator(Feedback.objects.for_librarian(person).waiting(), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [(item, show_answer(Answer.from_json(item.answer), person=person)) for item in page]
    return render(request, "assistant/feedback.html", {"page": page, "shown": shown})


@login_required
@require_POST
def handle_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    person = _signed_in(request)
    item = get_object_or_404(Feedback.objects.for_librarian(person), pk=pk)
    actions.handle_feedback(feedback=item, by=person)
    return redirect("assistant:feedback_queue")


@require_GET
def prompt(request: HttpRequest) -> HttpResponse:
    """Show what a model is told, word for word."""
    return render(request, "assistant/prompt.html", {"prompt": read_prompt(), "engines": settings.ENGINES})


def _signed_in(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _download(content: str | bytes, media_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
