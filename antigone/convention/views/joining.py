"""The page where a personal code becomes an account."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.convention import actions
from antigone.convention.forms.members import CodeForm, JoinForm
from antigone.convention.models import Member
from antigone.convention.views.people import person_of
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say
from antigone.web.limits import refuse_flood


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Open an account with a code; whoever is signed in links the seat to their own."""
    kind = CodeForm if person_of(request) is not None else JoinForm
    if request.method != "POST":
        return render(request, "convention/members/join.html", {"form": kind()})
    refuse_flood(request, "join")
    form = kind(request.POST)
    if form.is_valid():
        try:
            member = _join(request, form)
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(
                request, _("Welcome. This space is yours alone: begin with your name in public.")
            )
            return redirect("convention:own", member.convention.slug)
    return render(request, "convention/members/join.html", {"form": form}, status=422)


def _join(request: HttpRequest, form: CodeForm) -> Member:
    typed = form.cleaned_data
    person = person_of(request)
    if person is not None:
        return actions.join_convention(code=typed["code"], by=person)
    opened, member = actions.open_account(
        code=typed["code"], email=typed["email"], password=typed["password"]
    )
    login(request, opened, backend="antigone.accounts.backends.Backend")
    UserSession.objects.create_from_request(request)
    return member
