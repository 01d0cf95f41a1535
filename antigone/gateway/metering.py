"""How much energy a request took."""

from dataclasses import dataclass

from antigone.gateway.engines import Engine
from antigone.gateway.snapshot import Model


@dataclass(frozen=True, slots=True)
class Impact:
    """Energy and carbon of one request, and how they are known."""

    energy_wh: float | None
    carbon_g: float | None
    method: str


def measure_call(
    model: Model, engine: Engine | None, *, prompt_tokens: int, output_tokens: int, seconds: float
) -> Impact:
    return Impact(None, None, "unknown")


def describe(impact: Impact) -> dict[str, object]:
    return {"kWh": None, "kgCO2eq": None, "method": impact.method}
