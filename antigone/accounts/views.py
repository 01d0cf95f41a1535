"""A person's account, the language, and the roles of the demonstration."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.accounts import actions
from antigone.accounts.models import Installation, Person
from antigone.web.context import entries


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show what Antigone holds about the account: name, roles, groups, sessions, second factor."""
    assert isinstance(request.user, Person)
    person = Person.objects.with_account().get(pk=request.user.pk)
    shown = {
        "person": person,
        "has_second_factor": is_mfa_enabled(person),
        "my_data": next(iter(entries([("", settings.MY_DATA)], request.path)), None),
    }
    return render(request, "accounts/profile.html", shown)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen: in a cookie, and in the account of whoever has one."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(_safe_address(request))
    if language not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Person):
        actions.choose_language(person=request.user, language=language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Show the demonstration's people, and become one of them or a visitor again."""
    if not Installation.objects.is_demo():
        raise Http404
    if request.method != "POST":
        return render(request, "accounts/demo.html", {"people": Person.objects.of_demo()})
    chosen = request.POST.get("person", "")
    person = get_object_or_404(Person.objects.of_demo(), pk=chosen) if chosen.isdecimal() else None
    actions.switch_demo_person(request=request, person=person)
    return HttpResponseRedirect("/")


def _safe_address(request: HttpRequest) -> str:
    """Return the address to go back to where it is one of this server, else the home page."""
    address = request.POST.get("next", "")
    hosts = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, hosts, request.is_secure()) else "/"
