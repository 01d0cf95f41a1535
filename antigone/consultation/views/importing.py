"""A consultation comes from the files of Polis: whoever may begin one gives them, and reads what is wrong."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.consultation import rules
from antigone.consultation.actions.imports import Imported, import_consultation
from antigone.consultation.forms.data import ImportForm
from antigone.consultation.views.people import require_person
from antigone.core.opinion import Export
from antigone.errors import WrongInput
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_files(request: HttpRequest) -> HttpResponse:
    """Import the files, whole or not at all."""
    person = require_person(request)
    if not rules.can_create(person) or person.organisation is None:
        raise Http404
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        export: Export = form.cleaned_data["export"]
        try:
            imported = import_consultation(
                export=export,
                organisation=person.organisation,
                by=person,
                now=timezone.now(),
                title=form.cleaned_data["title"],
            )
        except WrongInput as error:
            form.add_error(None, say(error))
        else:
            _tell(request, imported, export)
            return redirect("consultation:team", imported.consultation.slug)
    return render(
        request, "consultation/data/import.html", {"form": form}, status=422 if form.errors else 200
    )


def _tell(request: HttpRequest, imported: Imported, export: Export) -> None:
    words = _(
        "Imported as “%(slug)s”: %(statements)d statements, %(participants)d participants, %(votes)d votes that hold."
    )
    messages.success(
        request,
        words
        % {
            "slug": imported.consultation.slug,
            "statements": imported.statements,
            "participants": imported.participants,
            "votes": imported.votes,
        },
    )
    if imported.shift:
        messages.info(request, _("Polis counts from 0: the number of each statement is one more here."))
    for file, column in export.unused[:10]:
        words = _("The column “%(column)s” of %(file)s is not known; it was not used.")
        messages.info(request, words % {"file": file, "column": column[:80]})
