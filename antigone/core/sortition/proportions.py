"""Shares of a population → how many seats each value may have, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from antigone.core.sortition.errors import InvalidShares, InvalidSize
from antigone.core.sortition.phrases import Phrase, Say, fill, gettext_noop
from antigone.core.sortition.pool import Target, Targets

Share = int | float | Fraction | str
"""A count of people, or a share of any unit: only ratios matter. Text is read as a decimal or a fraction."""


@dataclass(frozen=True, slots=True)
class Band:
    """One target, with what it comes from: `exact` seats by proportion, `seats` by largest remainder."""

    target: Target
    exact: Fraction
    seats: int
    is_rounded_up: bool

    def explain(self, say: Say = str) -> str:
        """Say why the target is what it is.

        >>> print(compute_bands({"age": {"18-29": 1, "30+": 2}}, 4)[0].explain())
        18-29: 1.33 seats by proportion; 1 (its remainder is too small for one more); 1 to 2.
        """
        if self.exact.denominator == 1:
            why = gettext_noop("a whole number")
        elif self.is_rounded_up:
            why = gettext_noop("its remainder is among the largest: one more")
        else:
            why = gettext_noop("its remainder is too small for one more")
        target = self.target
        whole, _, decimals = f"{float(self.exact):.2f}".partition(".")
        template = gettext_noop(
            "{value}: {whole}.{decimals} seats by proportion; {seats} ({why}); {min} to {max}."
        )
        params = {"value": target.value, "whole": whole, "decimals": decimals, "seats": self.seats}
        return fill(template, params | {"why": Phrase(why), "min": target.min, "max": target.max}, say)


def targets_from_proportions(
    shares: Mapping[str, Mapping[str, Share]], size: int, *, tolerance: Share = 0
) -> Targets:
    """Turn shares of each feature's values (census counts, percentages) into targets of a panel of `size`.

    The seats of a feature are shared by largest remainder (Hamilton): the whole part of the exact number,
    then one more to the largest remainders, until there are `size`; of equal remainders the larger share
    wins, then the first value. The band goes from the floor to the ceiling of the exact number, widened on
    each side by `tolerance` × that number, outwards to whole seats, and within 0 and `size`. It always holds
    the seats by largest remainder, so that one feature alone can always be met. Raise InvalidShares,
    InvalidSize.

    >>> targets_from_proportions({"age": {"18-29": 1, "30+": 2}}, 4).targets[1]
    Target(feature='age', value='30+', min=2, max=3)
    """
    return Targets(size, tuple(band.target for band in compute_bands(shares, size, tolerance=tolerance)))


def compute_bands(
    shares: Mapping[str, Mapping[str, Share]], size: int, *, tolerance: Share = 0
) -> tuple[Band, ...]:
    """Give the bands of `targets_from_proportions`, each with its reasons.

    >>> [band.seats for band in compute_bands({"age": {"18-29": 1, "30+": 2}}, 4)]
    [1, 3]
    """
    if size < 1:
        raise InvalidSize(size=size)
    margin = _read_share("tolerance", "", tolerance)
    return tuple(
        band for feature, values in shares.items() for band in _make_bands(feature, values, size, margin)
    )


def _make_bands(feature: str, values: Mapping[str, Share], size: int, margin: Fraction) -> list[Band]:
    numbers = {value: _read_share(feature, value, share) for value, share in values.items()}
    total = sum(numbers.values())
    if not total:
        raise InvalidShares(feature=feature, detail=Phrase(gettext_noop("they add up to nothing")))
    exact = {value: number * size / total for value, number in numbers.items()}
    order = sorted(exact, key=lambda value: (exact[value] - floor(exact[value]), exact[value]), reverse=True)
    more = order[: size - sum(floor(number) for number in exact.values())]
    bands = []
    for value, number in exact.items():
        least = max(0, floor(number * (1 - margin)))
        most = min(size, ceil(number * (1 + margin)))
        seats = floor(number) + (value in more)
        bands.append(Band(Target(feature, value, least, most), number, seats, value in more))
    return bands


def _read_share(feature: str, value: str, share: Share) -> Fraction:
    try:
        number = Fraction(share.replace(",", ".").strip() if isinstance(share, str) else share)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise InvalidShares(feature=feature, detail=_blame(value, share)) from error
    if number < 0:
        raise InvalidShares(feature=feature, detail=_blame(value, share))
    return number


def _blame(value: str, share: Share) -> Phrase:
    return Phrase(gettext_noop("“{value}” has “{share}”"), value=value, share=str(share))
