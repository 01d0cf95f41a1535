"""Who sits: quotas → fair probabilities → panels → a public draw → a certificate that a stranger checks.

`diagnose` says what is wrong with targets before anything is drawn; `distribute` gives each person of a pool the
fairest chance there is, with an exact proof; `make_lottery` makes it balls; `commit` and `draw_panel` make it public;
`verify` checks all of it without a solver. Pure Python, numpy and HiGHS; usable alone.
"""

from antigone.core.sortition.alternates import Alternates, choose_alternates
from antigone.core.sortition.certificate import Verification, verify
from antigone.core.sortition.commitments import Commitment, commit, find_round
from antigone.core.sortition.diagnosis import Diagnosis, diagnose
from antigone.core.sortition.errors import SortitionError
from antigone.core.sortition.lottery import Lottery, make_lottery
from antigone.core.sortition.objectives import Distribution, distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.proportions import targets_from_proportions
from antigone.core.sortition.pseudonyms import name_people, pseudonymise
from antigone.core.sortition.public_draw import draw_panel, verify_draw
from antigone.core.sortition.reading import read_pool, read_targets
from antigone.core.sortition.replacements import replace_members
from antigone.core.sortition.verification import Report, verify_files

__all__ = [
    "Alternates",
    "Commitment",
    "Diagnosis",
    "Distribution",
    "Lottery",
    "Person",
    "Pool",
    "Report",
    "SortitionError",
    "Target",
    "Targets",
    "Verification",
    "choose_alternates",
    "commit",
    "diagnose",
    "distribute",
    "draw_panel",
    "find_round",
    "make_lottery",
    "name_people",
    "pseudonymise",
    "read_pool",
    "read_targets",
    "replace_members",
    "targets_from_proportions",
    "verify",
    "verify_draw",
    "verify_files",
]
