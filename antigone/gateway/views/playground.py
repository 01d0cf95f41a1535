"""Try a model as a programme would, and see the request."""

import time
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.errors import AntigoneError, NotPossible
from antigone.gateway.calls import answer_whole
from antigone.gateway.clients import run_alone
from antigone.gateway.forms import PlaygroundForm
from antigone.gateway.guards import Call
from antigone.gateway.models import Endpoint
from antigone.gateway.snapshot import refresh
from antigone.gateway.views.people import for_developers, signed_in
from antigone.gateway.views.shell import render_place
from antigone.gateway.wording import write_examples
from antigone.register.models import Use
from antigone.web.limits import refuse_flood


@for_developers
@require_http_methods(["GET", "HEAD", "POST"])
def playground(request: HttpRequest) -> HttpResponse:
    """Show the form; once asked, the answer with what it took, and the same request in other languages."""
    person = signed_in(request)
    known = refresh(at_least_every=1.0)
    form = PlaygroundForm(
        request.POST or None,
        uses=Use.objects.of(person).active(),
        models=known.list_models("chat"),
        initial={"use": Use.objects.of(person).active().first()},
    )
    context: dict[str, Any] = {"form": form, "uses": Use.objects.of(person).active().exists()}
    status = 200
    if form.is_bound and form.is_valid():
        refuse_flood(request, "ask")
        body = _write_body(form.cleaned_data)
        context["examples"] = write_examples(request.build_absolute_uri("/v1"), body)
        try:
            context |= _ask(form.cleaned_data["use"], body, person.pk)
        except AntigoneError as error:
            status = error.status
            form.add_error(None, _(error.template) % error.params)
    elif form.is_bound:
        status = 422
    return render_place(
        request, "gateway/playground.html", context, place="gateway:playground", status=status
    )


def _write_body(given: dict[str, Any]) -> dict[str, Any]:
    system = [{"role": "system", "content": given["system"]}] if given["system"] else []
    return {
        "model": given["model"],
        "messages": [*system, {"role": "user", "content": given["question"]}],
        "max_tokens": given["max_tokens"],
        "temperature": given["temperature"],
    }


def _ask(use: Use, body: dict[str, Any], person_id: int) -> dict[str, Any]:
    """Return the answer of a model, through the same guards as a programme's."""
    known = refresh()
    caller = known.uses.get(use.pk)
    if caller is None:
        raise NotPossible("use_not_active", _("“%(name)s” is not active, so it has no keys."), name=use.name)
    size = sum(len(message["content"].encode()) for message in body["messages"])
    call = Call(
        replace(caller, person_id=person_id),
        Endpoint.CHAT.value,
        known.models[body["model"]],
        "chat/completions",
        dict(body),
        size,
    )
    started = time.perf_counter()
    answer = run_alone(answer_whole(call))
    choices = answer.get("choices") or [{}]
    return {
        "answer": (choices[0].get("message") or {}).get("content") or "",
        "usage": answer["usage"],
        "impacts": answer["usage"]["impacts"],
        "energy_wh": (answer["usage"]["impacts"]["kWh"] or 0) * 1_000,
        "carbon_g": (answer["usage"]["impacts"]["kgCO2eq"] or 0) * 1_000,
        "seconds": time.perf_counter() - started,
        "model": call.model,
    }
