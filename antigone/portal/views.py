"""The home page."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from antigone.accounts.models import Person
from antigone.assistant.models import Suggestion
from antigone.consultation.models import Consultation
from antigone.consultation.summaries import list_summaries
from antigone.convention.deadlines import list_promises
from antigone.convention.models import Convention
from antigone.library.models import Collection, Document

SUGGESTIONS = 4
LATEST = 4
CONVENTIONS = 3
CONSULTATIONS = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what one can ask, and what is new among what one may read."""
    person = request.user if isinstance(request.user, Person) else None
    documents = Document.objects.current().readable_by(person)
    return render(
        request,
        "portal/home.html",
        {
            "suggestions": Suggestion.objects.for_person(person).order_by("?")[:SUGGESTIONS],
            "latest": documents.select_related("collection").order_by(
                F("published_date").desc(nulls_last=True), "-pk"
            )[:LATEST],
            "documents": documents.count(),
            "consultations": list_summaries(
                Consultation.objects.open_on(timezone.localdate()).select_related("organisation"),
                timezone.localdate(),
            )[:CONSULTATIONS],
            "conventions": list_promises(
                Convention.objects.public().order_by("is_reconstruction", "-created_at"), timezone.localdate()
            )[:CONVENTIONS],
            "collections": Collection.objects.readable_by(person).count(),
        },
    )
