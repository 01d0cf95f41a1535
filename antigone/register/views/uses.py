"""The uses: those that everybody reads, one of them, declaring one, deciding on one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.register import actions, rules
from antigone.register.forms import DecisionForm, UseForm
from antigone.register.models import Use
from antigone.register.views.people import person_of

DECISION_LABELS = {
    "accept": gettext_lazy("Accept"),
    "refuse": gettext_lazy("Refuse"),
    "suspend": gettext_lazy("Suspend"),
    "resume": gettext_lazy("Resume"),
    "retire": gettext_lazy("Retire for good"),
}


@require_safe
def uses(request: HttpRequest) -> HttpResponse:
    """Show what the machine is used for; to those who decide, what waits for them; to developers, their own."""
    person = person_of(request)
    shown = Use.objects.select_related("organisation")
    waiting = (
        shown.filter(state=Use.State.DECLARED).order_by("declared_at") if rules.can_decide(person) else []
    )
    own = shown.of(person).exclude(state=Use.State.ACTIVE) if rules.can_declare(person) else []
    context = {
        "uses": shown.public().order_by("organisation__name", "name"),
        "waiting": waiting,
        "own": own,
        "can_declare": rules.can_declare(person),
    }
    return render(request, "register/uses.html", context)


@require_safe
def use(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one use."""
    return _show(request, _find(request, slug))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Declare a use."""
    assert isinstance(request.user, Person)
    if not rules.can_declare(request.user):
        raise NotAllowed(
            "use_not_declared",
            _("Only the developers of an organisation declare its uses. Ask an operator for that role."),
        )
    form = UseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declared = actions.declare_use(**form.cleaned_data, by=request.user)
        except (NotPossible, WrongInput) as error:
            form.add_error("name", _(error.template) % error.params)
        else:
            messages.success(request, _("The use is declared. An operator of the city will answer."))
            return redirect("register:use", declared.slug)
    status = 422 if form.is_bound else 200
    return render(request, "register/declare.html", {"form": form}, status=status)


@login_required
@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Decide on a use."""
    assert isinstance(request.user, Person)
    found = _find(request, slug)
    form = DecisionForm(request.POST, needs_reason=request.POST.get("decision") in actions.WITH_REASON)
    if not form.is_valid() or form.cleaned_data["decision"] not in actions.DECISIONS:
        return _show(request, found, form=form, status=422)
    try:
        actions.decide_use(use=found, by=request.user, now=timezone.now(), **form.cleaned_data)
    except WrongInput as error:
        form.add_error("reason", _(error.template) % error.params)
        return _show(request, found, form=form, status=422)
    messages.success(request, _("The decision is taken; it holds at once."))
    return redirect("register:use", slug)


def _find(request: HttpRequest, slug: str) -> Use:
    """Return a use that may be read; another one is not there at all."""
    found = get_object_or_404(Use.objects.select_related("organisation"), slug=slug)
    if not rules.can_read(person_of(request), found):
        raise Http404
    return found


def _show(
    request: HttpRequest, found: Use, *, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    person = person_of(request)
    context: dict[str, Any] = {"use": found, "can_follow": rules.can_follow(person, found)}
    if rules.can_decide(person):
        context["decisions"] = [
            {
                "name": name,
                "label": label,
                "is_danger": name in actions.WITH_REASON,
                "form": form
                if form and form.data.get("decision") == name
                else DecisionForm(auto_id=f"{name}_%s", needs_reason=name in actions.WITH_REASON),
            }
            for name, label in DECISION_LABELS.items()
            if found.state in actions.DECISIONS[name][0]
        ]
    return render(request, "register/use.html", context, status=status)
