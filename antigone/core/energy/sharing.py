"""The measured energy of a machine, shared between the requests that it answered."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much work a token is: one that is read, beside one that is written. Measure it for each model and machine."""

    prompt: float = 0.1
    output: float = 1.0

    def weigh(self, prompt_tokens: int, output_tokens: int) -> float:
        """Return the work of a request, in tokens written."""
        return self.prompt * prompt_tokens + self.output * output_tokens


def share(
    energy_wh: float, requests: Sequence[tuple[int, int]], weights: Weights | None = None
) -> tuple[list[float], float]:
    """Share the energy of a window between the requests that ended in it; return each one's Wh, and what is idle.

    `requests` are (prompt tokens, output tokens). The parts and the idle rest add up to `energy_wh`; all of it is idle
    where nothing was asked. Raises ValueError where a number is negative.

    >>> share(3.0, [(0, 100), (0, 200)])
    ([1.0, 2.0], 0.0)
    >>> share(3.0, [])
    ([], 3.0)
    """
    weights = weights or Weights()
    if energy_wh < 0 or any(prompt < 0 or output < 0 for prompt, output in requests):
        raise ValueError((energy_wh, requests))
    work = [weights.weigh(*request) for request in requests]
    whole = sum(work)
    if not whole:
        return [0.0] * len(work), energy_wh
    parts = [energy_wh * one / whole for one in work]
    return parts, 0.0
