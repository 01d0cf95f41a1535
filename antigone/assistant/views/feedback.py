"""What readers say of answers, and what librarians do about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from antigone.assistant import actions
from antigone.assistant.answers import Answer
from antigone.assistant.forms import FeedbackForm, SuggestForm
from antigone.assistant.models import Feedback, Suggestion
from antigone.assistant.pages import show_answer
from antigone.assistant.views.people import signed_in
from antigone.errors import NotPossible, WrongInput
from antigone.library.models import Collection, Document
from antigone.web.limits import refuse_flood

ROWS_A_PAGE = 30


@require_POST
def feedback(request: HttpRequest) -> HttpResponse:
    """Hand what a reader says of an answer to the librarians concerned."""
    refuse_flood(request, "feedback")
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        raise WrongInput("answer_altered", _("This page is too old or was altered. Ask the question again."))
    actions.give_feedback(**form.cleaned_data)
    return render(request, "assistant/thanks.html")


@login_required
@require_GET
def feedback_queue(request: HttpRequest) -> HttpResponse:
    """List what readers said, for the librarians."""
    person = signed_in(request)
    page = Paginator(Feedback.objects.for_librarian(person).waiting(), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = [(item, show_answer(Answer.from_json(item.answer), person=person)) for item in page]
    return render(request, "assistant/feedback.html", {"page": page, "shown": shown})


@login_required
@require_POST
def handle_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    person = signed_in(request)
    item = get_object_or_404(Feedback.objects.for_librarian(person), pk=pk)
    actions.handle_feedback(feedback=item, by=person)
    return redirect("assistant:feedback_queue")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suggestions(request: HttpRequest) -> HttpResponse:
    """List the questions suggested to readers, and take a new one that its document answers."""
    person = signed_in(request)
    kept = Collection.objects.kept_by(person)
    documents = Document.objects.current().filter(collection__in=kept)
    form = SuggestForm(request.POST or None, documents=documents)
    if request.method == "POST" and form.is_valid():
        try:
            actions.suggest_question(**form.cleaned_data, by=person)
        except (NotPossible, WrongInput) as error:
            form.add_error("question", str(error))
        else:
            messages.success(request, _("The question is suggested from now on."))
            return redirect("assistant:suggestions")
    listed = Suggestion.objects.filter(document__in=documents).select_related("document")
    status = 422 if form.errors else 200
    return render(request, "assistant/suggestions.html", {"form": form, "suggestions": listed}, status=status)


@login_required
@require_POST
def forget_suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    person = signed_in(request)
    kept = Collection.objects.kept_by(person)
    suggestion = get_object_or_404(Suggestion.objects.filter(document__collection__in=kept), pk=pk)
    actions.forget_suggestion(suggestion=suggestion, by=person)
    return redirect("assistant:suggestions")
