"""How open a model is, computed from its passport; and what is wrong with a passport."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_noop

from antigone.gateway.models import Passport

# Licences that the Open Source Initiative approved, among those that models carry (SPDX names).
APPROVED = frozenset(
    {
        "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause",
        "BSL-1.0", "CECILL-2.1", "ECL-2.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2", "GPL-2.0-only", "GPL-2.0-or-later",
        "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-only", "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0",
        "OSL-3.0", "PostgreSQL", "UPL-1.0", "Unlicense", "Zlib",
    }
)  # fmt: skip
# Others that let everybody use, change and pass on what they cover.
FREE = frozenset({"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "ODC-By-1.0"})
OLD = timedelta(days=365)


class Openness(StrEnum):
    """How open a model is, the most open first."""

    OPEN_SOURCE = "open_source"
    OPEN_WEIGHTS = "open_weights"
    RESTRICTED = "restricted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is missing or old in a passport, and what to do; marked for translation."""

    code: str
    text: str


def judge_openness(passport: Passport) -> Openness:
    """Return how open a model is: what is not known counts as no.

    Open source needs what the Open Source AI Definition 1.0 asks: weights and code under an approved licence, and data
    that are published or described enough to be made again; the summary of the AI Act's article 53 alone is not enough.
    """
    if not passport.licence or passport.has_open_weights is None:
        return Openness.UNKNOWN
    is_free = passport.licence in APPROVED or passport.licence in FREE
    if not is_free or not passport.has_open_weights:
        return Openness.RESTRICTED
    if passport.has_open_code and passport.has_open_data:
        return Openness.OPEN_SOURCE
    return Openness.OPEN_WEIGHTS


def find_faults(passport: Passport, today: date) -> list[Fault]:
    """Return what somebody should mend in a passport."""
    faults = []
    if not passport.licence:
        faults.append(Fault("licence", gettext_noop("The licence of the weights is not named.")))
    if not passport.weights_sha256:
        faults.append(
            Fault(
                "weights", gettext_noop("The weights have no SHA-256: nobody can tell which ones run here.")
            )
        )
    if passport.total_parameters is None:
        faults.append(Fault("size", gettext_noop("Its size is not known: its energy cannot be estimated.")))
    if not passport.runs_where:
        faults.append(Fault("place", gettext_noop("It is not said where it runs.")))
    if passport.checked_date is None or today - passport.checked_date > OLD:
        faults.append(Fault("checked", gettext_noop("Nobody has checked this passport within a year.")))
    return faults
