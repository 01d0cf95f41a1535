"""The keys of an organisation: made, shown once, revoked."""

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from antigone.errors import NotPossible, WrongInput
from antigone.gateway import actions
from antigone.gateway.forms import KeyForm
from antigone.gateway.models import HourlyUsage, Key, Usage
from antigone.gateway.snapshot import refresh
from antigone.gateway.speaking import list_offered
from antigone.gateway.views.people import for_developers, signed_in
from antigone.gateway.views.shell import render_place
from antigone.register.models import Use

# Which field of the form a refusal is about.
FIELDS = {
    "key_expiry": "expires",
    "key_network": "networks",
    "key_model": "models",
    "key_endpoint": "endpoints",
}


@for_developers
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Show the keys of the person's organisation, by use."""
    held = list(
        Key.objects.of(signed_in(request)).select_related("use", "person").order_by("use__name", "-pk")
    )
    last = _find_last_days([key.pk for key in held])
    now = timezone.now()
    rows = [
        {
            "key": key,
            "state": _state_of(key, now),
            "used_at": last.get(key.pk),
            "is_open": _state_of(key, now) == "open",
        }
        for key in held
    ]
    uses = Use.objects.of(signed_in(request)).active()
    return render_place(request, "gateway/keys.html", {"rows": rows, "uses": uses}, place="gateway:keys")


@for_developers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a key, and show its secret on this one page."""
    person = signed_in(request)
    uses = Use.objects.of(person).active()
    form = KeyForm(
        request.POST or None,
        uses=uses,
        models=list_offered(),
        initial={"use": request.GET.get("use") or uses.first()},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            key, secret = actions.create_key(
                use=given["use"],
                name=given["name"],
                by=person,
                expires_at=given["expires"],
                now=timezone.now(),
                model_names=given["models"],
                endpoints=given["endpoints"],
                networks=given["networks"],
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(FIELDS.get(error.code), _(error.template) % error.params)
        else:
            refresh()  # it opens at once where it is shown
            context = {"key": key, "secret": secret, "base": request.build_absolute_uri("/v1")}
            return render_place(request, "gateway/key.html", context, place="gateway:keys")
    return render_place(
        request,
        "gateway/create_key.html",
        {"form": form},
        place="gateway:keys",
        status=422 if form.is_bound else 200,
    )


@for_developers
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Ask whether a key is to be revoked, then revoke it."""
    person = signed_in(request)
    key = get_object_or_404(Key.objects.of(person).select_related("use"), pk=key_id)
    if request.method == "POST":
        actions.revoke_key(key=key, by=person, now=timezone.now())
        messages.success(request, _("The key is revoked: within a second nothing opens with it."))
        return redirect("gateway:keys")
    return render_place(request, "gateway/revoke_key.html", {"key": key}, place="gateway:keys")


def _state_of(key: Key, now: object) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:  # type: ignore[operator]
        return "expired"
    return "open" if key.use.state == Use.State.ACTIVE else "stopped"


def _find_last_days(pks: list[int]) -> dict[int | None, object]:
    """Return when each key was last used: the hour is enough."""
    rows = Usage.objects.filter(key_id__in=pks).values_list("key_id").annotate(last=Max("at"))
    sums = HourlyUsage.objects.filter(key_id__in=pks).values_list("key_id").annotate(last=Max("hour"))
    return {**dict(sums), **dict(rows)}
