"""The energy of a request, estimated from the size of its model and what it wrote."""

import math
from dataclasses import dataclass

from antigone.core.energy import constants as c


@dataclass(frozen=True, slots=True)
class Place:
    """Where a machine stands: how much more its building takes, its water, its electricity.

    `pue`: all the energy of the building for each kWh of its machines. `water`: litres of the building's own cooling
    for each kWh. `carbon_g` and `mix_water`: for each kWh of its electricity.
    """

    pue: float = 1.2
    water: float = 0.6
    carbon_g: float = c.MIXES["FRA"][0]
    mix_water: float = c.MIXES["FRA"][1]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Wh of a request, g of CO2 equivalent to make them and its part of the machine's making, litres of water."""

    energy_wh: float
    carbon_g: float
    embodied_g: float
    water_l: float


def estimate(
    *,
    active_parameters: float,
    total_parameters: float,
    output_tokens: int,
    seconds: float,
    place: Place | None = None,
) -> Estimate:
    """Estimate what a request took, by the formula of EcoLogits 0.9.1.

    Parameters are in billions: those that work for each token, and all of them. `seconds` is how long the answer took:
    the server is counted for no longer. Raises ValueError for a model without parameters or a time that runs backwards.
    Source: https://ecologits.ai (methodology, LLM inference), constants pinned in `constants`.

    >>> round(estimate(active_parameters=24, total_parameters=24, output_tokens=300, seconds=12).energy_wh, 4)
    0.0289
    """
    if active_parameters <= 0 or total_parameters < active_parameters or output_tokens < 0 or seconds < 0:
        raise ValueError((active_parameters, total_parameters, output_tokens, seconds))
    place = place or Place()
    per_token = c.ENERGY_ALPHA * math.exp(c.ENERGY_BETA * c.BATCH) * active_parameters + c.ENERGY_GAMMA
    gpus = count_gpus(total_parameters)
    latency = c.LATENCY_ALPHA * active_parameters + c.LATENCY_BETA * c.BATCH + c.LATENCY_GAMMA
    worked = min(seconds, output_tokens * latency)
    server_wh = worked / 3_600 * c.SERVER_WATTS * gpus / c.SERVER_GPUS / c.BATCH
    energy_wh = place.pue * (server_wh + gpus * output_tokens * per_token)
    made_g = gpus / c.SERVER_GPUS * c.SERVER_MADE_G + gpus * c.GPU_MADE_G
    return Estimate(
        energy_wh=energy_wh,
        carbon_g=energy_wh / 1_000 * place.carbon_g,
        embodied_g=worked * made_g / (c.LIFE_SECONDS * c.BATCH),
        water_l=energy_wh / 1_000 * (place.water + place.pue * place.mix_water),
    )


def count_gpus(total_parameters: float) -> int:
    """Return how many GPUs hold a model of so many billions of parameters: a power of two.

    >>> [count_gpus(size) for size in (8, 70, 675)]
    [1, 4, 32]
    """
    gigabytes = c.WEIGHTS_OVERHEAD * total_parameters * c.BITS / 8
    return int(2 ** math.ceil(math.log2(math.ceil(gigabytes / c.GPU_GB))))
