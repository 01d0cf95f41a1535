"""What a person keeps of conversations, and what anybody takes away of an answer."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from antigone.assistant import actions
from antigone.assistant.answers import Answer
from antigone.assistant.exports import as_odt, as_text
from antigone.assistant.forms import ExportForm
from antigone.assistant.models import Conversation
from antigone.assistant.pages import show_answer
from antigone.assistant.views.people import person_of, signed_in
from antigone.errors import WrongInput
from antigone.web.limits import refuse_flood

ROWS_A_PAGE = 30


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """List the person's own conversations."""
    conversations = Conversation.objects.of(signed_in(request))
    page = Paginator(conversations, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "assistant/history.html", {"page": page, "days": settings.CONVERSATION_DAYS})


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = get_object_or_404(Conversation.objects.of(signed_in(request)), pk=pk)
    actions.delete_conversation(conversation=conversation)
    messages.success(request, _("The conversation is deleted."))
    return redirect("assistant:history")


@login_required
@require_POST
def delete_all(request: HttpRequest) -> HttpResponse:
    count = actions.delete_all_conversations(person=signed_in(request))
    deleted = ngettext("%(count)s conversation is deleted.", "%(count)s conversations are deleted.", count)
    messages.success(request, deleted % {"count": count})
    return redirect("assistant:history")


@login_required
@require_GET
def export_history(request: HttpRequest) -> HttpResponse:
    """Give the person all that is kept of theirs, as JSON, less what they may not read any more."""
    person = signed_in(request)
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
    refuse_flood(request, "ask")
    form = ExportForm(request.POST)
    if not form.is_valid():
        raise WrongInput("answer_altered", _("This page is too old or was altered. Ask the question again."))
    answer = show_answer(form.cleaned_data["answer"], person=person_of(request)).answer
    if form.cleaned_data["layout"] == "odt":
        return _download(as_odt(answer), "application/vnd.oasis.opendocument.text", "reponse.odt")
    return _download(as_text(answer), "text/plain; charset=utf-8", "reponse.txt")


def _download(content: str | bytes, media_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
