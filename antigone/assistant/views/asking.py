"""Questions and answers: whole, or sentence by sentence."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from antigone.accounts.models import Person
from antigone.assistant import actions
from antigone.assistant.answers import Answer, Sentence
from antigone.assistant.asking import EXTRACTIVE, Inquiry, answer_inquiry, find_model, inquire, write_answer
from antigone.assistant.forms import AskForm, seal_answer, seal_earlier
from antigone.assistant.models import Conversation, Suggestion
from antigone.assistant.pages import show_answer, show_sentence
from antigone.assistant.prompts import read_prompt
from antigone.assistant.views.people import person_of
from antigone.errors import NotFound, WrongInput
from antigone.gateway.speaking import list_models
from antigone.library.models import Collection
from antigone.web.limits import refuse_flood

SUGGESTIONS = 4


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
    answer = answer_inquiry(asked.inquiry, find_model(asked.engine))
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
    model = await sync_to_async(find_model)(asked.engine)
    languages = {source.number: source.language for source in asked.inquiry.sources}
    with override(language):
        if model is None:
            yield await sync_to_async(_final_event)(request, asked, answer_inquiry(asked.inquiry, None))
            return
        async with aclosing(write_answer(asked.inquiry, model)) as parts:
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
    refuse_flood(request, "ask")
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
    engines = [(model.title, model.title) for model in list_models("chat")]
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
    # Sealed as it is shown: the page must not carry what was closed to the reader since.
    shown = [show_answer(answer, person=person) for answer in answers]
    return {
        "conversation": conversation,
        "form": form,
        "can_stream": bool(list_models("chat")),
        "is_librarian": Collection.objects.kept_by(person).exists(),
        "shown": [{"answer": each, "sealed": seal_answer(each.answer)} for each in shown],
        "suggestions": Suggestion.objects.for_person(person).order_by("?")[:SUGGESTIONS]
        if not answers
        else [],
    }


@require_GET
def prompt(request: HttpRequest) -> HttpResponse:
    """Show what a model is told, word for word."""
    return render(request, "assistant/prompt.html", {"prompt": read_prompt(), "engines": list_models("chat")})
