"""How much energy a request took: measured where this machine can, else estimated, and it always says which.

Once a second the counters of the machine are read. What they count while engines of this machine work is shared between
the requests, by their tokens: the last minute's energy for each token weighs the next request. What is counted while
nobody asks is nobody's.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from antigone.core.energy import Place, Weights, estimate
from antigone.core.energy.constants import MIXES, SOURCE
from antigone.gateway.engines import Engine
from antigone.gateway.meters import Meter, find_meters
from antigone.gateway.models.usage import EnergyMethod
from antigone.gateway.snapshot import Model

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60
JOULES_A_WH = 3_600.0


@dataclass(frozen=True, slots=True)
class Impact:
    """Energy and carbon of one request, and how they are known; None where they are not."""

    energy_wh: float | None = None
    carbon_g: float | None = None
    method: str = EnergyMethod.UNKNOWN.value
    # Its part of the making of the machine, and water: by estimation only.
    embodied_g: float | None = None
    water_l: float | None = None


UNKNOWN = Impact()


@dataclass(slots=True)
class Sampler:
    """Reads counters, and knows what a token took of them lately."""

    meters: Sequence[Meter]
    weights: Weights = field(default_factory=Weights)
    # Energy and work of each of the last seconds in which an engine of this machine worked.
    seconds: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=WINDOW_SECONDS))
    work: float = 0.0
    wh_a_token: float | None = None
    joules: float | None = None

    def note(self, prompt_tokens: int, output_tokens: int) -> float | None:
        """Count a request's work; return its Wh, where they can be told."""
        work = self.weights.weigh(prompt_tokens, output_tokens)
        self.work += work
        return None if self.wh_a_token is None else self.wh_a_token * work

    def sample(self, *, is_working: bool) -> None:
        """Read the counters; to be called once a second."""
        try:
            joules = sum(meter.read_joules() for meter in self.meters)
        except (OSError, ValueError) as error:
            logger.warning("The energy of this machine cannot be read any more: %s", error)
            self.meters, self.wh_a_token = (), None
            return
        last, self.joules = self.joules, joules
        work, self.work = self.work, 0.0
        if last is None or not (is_working or work):
            return
        self.seconds.append(((joules - last) / JOULES_A_WH, work))
        whole = sum(work for _energy, work in self.seconds)
        if whole:
            self.wh_a_token = sum(energy for energy, _work in self.seconds) / whole


_sampler: Sampler | None = None


def start_metering(stopping: threading.Event, is_working: Callable[[], bool]) -> None:
    """Read the counters of this machine once a second until told to stop, where there are any."""
    global _sampler
    meters = find_meters()
    if not meters:
        return
    sampler = _sampler = Sampler(meters)

    def run() -> None:
        while not stopping.wait(1.0):
            sampler.sample(is_working=is_working())

    threading.Thread(target=run, daemon=True, name="energy").start()


def measure_call(
    model: Model, engine: Engine | None, *, prompt_tokens: int, output_tokens: int, seconds: float
) -> Impact:
    """Return what one request took. Quick, and never waits: it is called for each one."""
    place = find_place(model.zone, settings.PUE, settings.ELECTRICITY_GRAMS)
    if _sampler is not None and engine is not None and is_here(engine):
        energy_wh = _sampler.note(prompt_tokens, output_tokens)
        if energy_wh is not None:
            energy_wh *= place.pue
            return Impact(energy_wh, energy_wh / 1_000 * place.carbon_g, EnergyMethod.MEASURED.value)
    total = model.total_parameters or model.active_parameters
    if not total or model.kind != "chat":
        return UNKNOWN
    # A model whose active part is not known is counted whole.
    active = min(model.active_parameters or total, total)
    found = estimate(
        active_parameters=active,
        total_parameters=total,
        output_tokens=output_tokens,
        seconds=seconds,
        place=place,
    )
    return Impact(
        found.energy_wh, found.carbon_g, EnergyMethod.ESTIMATED.value, found.embodied_g, found.water_l
    )


def describe(impact: Impact) -> dict[str, object]:
    """Return what is told with each answer, as `usage.impacts`."""
    if impact.energy_wh is None or impact.carbon_g is None:
        return {"method": impact.method, "kWh": None, "kgCO2eq": None}
    described: dict[str, object] = {
        "method": impact.method,
        "kWh": impact.energy_wh / 1_000,
        "kgCO2eq": impact.carbon_g / 1_000,
    }
    if impact.method == EnergyMethod.ESTIMATED:
        described["source"] = SOURCE
        described["embodied_kgCO2eq"] = (impact.embodied_g or 0.0) / 1_000
    return described


@lru_cache
def find_place(zone: str, pue: float, grams: float | None) -> Place:
    """Return where a model runs: the building of the settings, and the electricity of a country."""
    carbon_g, mix_water = MIXES.get(zone, MIXES["FRA"])
    return Place(pue=pue, carbon_g=carbon_g if grams is None else grams, mix_water=mix_water)


@lru_cache(maxsize=1_000)
def is_here(engine: Engine) -> bool:
    """Tell whether an engine runs on this machine, as its address says."""
    host = urlsplit(engine.url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
