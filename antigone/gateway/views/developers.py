"""How to begin: the address, a key, the tools that people have already."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from antigone.gateway import rules
from antigone.gateway.speaking import list_offered
from antigone.gateway.views.people import person_of
from antigone.register.models import Use


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """Show what programmes can ask, and how; to developers, where they stand."""
    person = person_of(request)
    models = list_offered()
    chat = next((model.name for model in models if model.kind == "chat"), "antigone-extractive")
    embedding = next((model.name for model in models if model.kind == "embedding"), "")
    context = {
        "base": request.build_absolute_uri("/v1"),
        "models": models,
        "chat": chat,
        "embedding": embedding,
        "is_developer": rules.is_developer(person),
        "is_operator": rules.is_operator(person),
        "uses": Use.objects.of(person).order_by("state", "name") if rules.is_developer(person) else [],
    }
    return render(request, "gateway/developers.html", context)
