"""The city's models and how their engines are: what everybody may know, and no address."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from antigone.gateway import routing
from antigone.gateway.engines import Engine
from antigone.gateway.models import Passport
from antigone.gateway.openness import Fault, Openness, find_faults, judge_openness
from antigone.gateway.snapshot import Model
from antigone.gateway.speaking import list_offered
from antigone.gateway.wording import BUILT_IN_OPENNESS, OPENNESS, STATES


@dataclass(frozen=True, slots=True)
class EngineState:
    """How one engine of a model is; `since` in the city's time."""

    name: str
    state: routing.State
    label: str
    since: datetime
    running: int
    concurrency: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A model, its passport where it has one, and its engines."""

    model: Model
    passport: Passport | None
    openness: Openness
    openness_label: str
    engines: list[EngineState]
    faults: list[Fault]

    @property
    def answers(self) -> bool:
        return not self.engines or any(engine.state == routing.State.UP for engine in self.engines)

    @property
    def is_down(self) -> bool:
        return bool(self.engines) and all(engine.state == routing.State.DOWN for engine in self.engines)


@require_safe
def engines(request: HttpRequest) -> HttpResponse:
    """Show the models that are offered, and how their engines are just now."""
    offers = list_offers()
    return render(request, "gateway/engines.html", {"offers": offers, "now": timezone.now()})


@require_safe
def model(request: HttpRequest, name: str) -> HttpResponse:
    """Show the passport of one model."""
    offer = next((offer for offer in list_offers() if offer.model.name == name), None)
    if offer is None:
        raise Http404
    return render(request, "gateway/model.html", {"offer": offer})


def list_offers() -> list[Offer]:
    """Return the models that are offered, with what is known of each."""
    passports = {passport.name: passport for passport in Passport.objects.all()}
    return [_make_offer(model, passports.get(model.name)) for model in list_offered()]


def _make_offer(model: Model, passport: Passport | None) -> Offer:
    described = passport or Passport(
        name=model.name, licence=model.licence, has_open_weights=True if model.is_built_in else None
    )
    if model.is_built_in:  # no weights and no training: what makes it is in this repository
        described.has_open_code = described.has_open_data = True
    openness = judge_openness(described)
    faults = [] if model.is_built_in else find_faults(described, timezone.localdate())
    label = BUILT_IN_OPENNESS if model.is_built_in else OPENNESS[openness]
    states = [_describe_engine(engine) for engine in model.engines]
    return Offer(model, passport, openness, str(label), states, faults)


def _describe_engine(engine: Engine) -> EngineState:
    health = routing.health_of(engine)
    return EngineState(
        name=engine.name,
        state=health.state,
        label=str(STATES[health.state]),
        since=datetime.fromtimestamp(health.since, UTC),
        running=health.running,
        concurrency=engine.concurrency,
    )
