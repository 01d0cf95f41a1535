"""All the files of a draw, checked each on its own and together: what holds, what does not, what cannot be told.

Files are known by their `format`, whatever their names. Nothing here trusts another file where it can compute: chances,
balls and hashes are made again, in whole numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from antigone.core.sortition import commitments, published
from antigone.core.sortition.bundle import Bundle, fits
from antigone.core.sortition.commitments import check_instant, is_sealed
from antigone.core.sortition.errors import SortitionError
from antigone.core.sortition.phrases import Phrase, Say, fill, gettext_noop
from antigone.core.sortition.pool import Pool, Target, Targets
from antigone.core.sortition.public_draw import draw_ticket, find_panel, seal_draw

Result = Literal["passed", "failed", "missing"]

SENTENCES: dict[str, tuple[str, str]] = {
    "file": (gettext_noop("“{file}” can be read."), gettext_noop("“{file}” cannot be used. {detail}")),
    "certificate": (
        gettext_noop("Every panel meets the targets, the chances are those announced, and the proof holds."),
        gettext_noop("The certificate does not hold: {detail}."),
    ),
    "pool": (
        gettext_noop("The pool is that of the certificate."),
        gettext_noop("The pool is not that of the certificate."),
    ),
    "targets": (
        gettext_noop("The targets are those of the certificate."),
        gettext_noop("The targets are not those of the certificate."),
    ),
    "lottery_panels": (
        gettext_noop("Every panel of the lottery meets the targets."),
        gettext_noop("A panel of the lottery breaks what was asked: {detail}."),
    ),
    "lottery_balls": (
        gettext_noop("Everybody sits in as many panels of the lottery as it says."),
        gettext_noop("“{person}” does not sit in as many panels of the lottery as it says."),
    ),
    "lottery_chances": (
        gettext_noop(
            "Everybody sits in as many panels of the lottery as their chance asks, to one panel, "
            "but for those whom it names."
        ),
        gettext_noop("“{person}” sits in too few panels of the lottery, or too many, for their chance."),
    ),
    "lottery_best": (
        gettext_noop("The lottery says rightly what nobody can exceed who sits in fewest panels."),
        gettext_noop("By the proof, everybody might sit in {number} panels: the lottery says otherwise."),
    ),
    "root": (
        gettext_noop("The root of the commitment binds all of it."),
        gettext_noop("The commitment was changed: its root is another."),
    ),
    "instant": (
        gettext_noop("The randomness was still to come when the commitment was made."),
        "{detail}",
    ),
    "one_commitment": (
        gettext_noop("The draw is by the commitment that was published."),
        gettext_noop("The draw is by another commitment than the one that was published."),
    ),
    "one_secret": (
        gettext_noop("The secret is that of the commitment."),
        gettext_noop("The secret is of another commitment."),
    ),
    "committed_targets": (
        gettext_noop("The targets are those committed to."),
        gettext_noop("The targets are not those committed to."),
    ),
    "committed_pool": (
        gettext_noop("The pool is the one committed to."),
        gettext_noop("The pool, or the secret, is not the one committed to."),
    ),
    "committed_panels": (
        gettext_noop("The panels are those committed to, in their order."),
        gettext_noop("The panels, or the secret, are not those committed to."),
    ),
    "randomness": (
        gettext_noop("The randomness is what was announced, and came after the commitment."),
        "{detail}",
    ),
    "panel": (
        gettext_noop("The randomness gives this panel."),
        gettext_noop("The randomness gives another panel: {detail}."),
    ),
    "seal": (
        gettext_noop("The seal binds commitment, randomness and panel."),
        gettext_noop("The draw was changed: its seal is another."),
    ),
}
"""What each check says when it passes and when it fails."""
MISSING = gettext_noop("Not checked, for want of {missing}: {claim}")
WANTED = {
    "certificate": gettext_noop("a certificate that holds"),
    "asked": gettext_noop("a certificate"),
    "commitment": gettext_noop("the commitment"),
    "secret": gettext_noop("the secret"),
    "panels": gettext_noop("the panels among which the draw chose"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, by name (a key of SENTENCES), or could not be: then `params` say what is missing."""

    name: str
    result: Result
    params: Mapping[str, object] = field(default_factory=dict)

    def explain(self, say: Say = str) -> str:
        """Say what was found.

        >>> Check("seal", "passed").explain()
        'The seal binds commitment, randomness and panel.'
        """
        passed, failed = SENTENCES[self.name]
        if self.result == "missing":
            return fill(MISSING, {**self.params, "claim": Phrase(passed)}, say)
        return fill(failed if self.result == "failed" else passed, self.params, say)


@dataclass(frozen=True, slots=True)
class Report:
    """What `verify_files` found, in the order in which a reader would ask."""

    checks: tuple[Check, ...]

    @property
    def is_valid(self) -> bool:
        """Whether something was checked and nothing failed; what was not checked is in the report."""
        results = [check.result for check in self.checks if check.name != "file"]
        return "passed" in results and all(check.result != "failed" for check in self.checks)

    @property
    def is_complete(self) -> bool:
        """Whether all was checked."""
        return all(check.result != "missing" for check in self.checks)


def verify_files(files: Mapping[str, bytes]) -> Report:
    """Check the files of a draw (name → bytes): certificate, lottery, commitment, secret, public draw, pool, targets.

    One of each at most; any may be left out, then what needs it is reported as not checked. Never raises on data that
    were tampered with.

    >>> verify_files({"draw.json": b"{}"}).is_valid
    False
    """
    bundle = Bundle()
    checks = [_read_file(bundle, name, files[name]) for name in sorted(files)]
    for part in (_check_certificate, _check_lottery, _check_commitment, _check_opening, _check_draw):
        checks += part(bundle)
    return Report(tuple(checks))


def _read_file(bundle: Bundle, file: str, data: bytes) -> Check:
    try:
        bundle.add(file, data)
    except SortitionError as error:
        return _fail("file", file=file, detail=_phrase(error))
    return Check("file", "passed", {"file": file})


def _check_certificate(bundle: Bundle) -> Iterator[Check]:
    """Check the certificate, and that pool and targets are its own."""
    if bundle.verification:
        yield _judge(
            "certificate", bundle.verification.is_valid, detail="; ".join(bundle.verification.failures)
        )
    for name, given in (("pool", bundle.pool), ("targets", bundle.targets)):
        if given is not None and bundle.asked is None:
            yield _miss(name, "asked")
        elif given is not None and bundle.asked is not None:
            is_same = _sort_asked(given) == _sort_asked(bundle.asked[name == "targets"])
            yield _judge(name, is_same)


def _sort_asked(asked: Pool | Targets) -> object:
    """Give people or targets in one order."""
    if isinstance(asked, Targets):
        return asked.size, sorted(asked.targets, key=_order_target)
    return sorted(asked.people, key=lambda person: person.id)


def _order_target(target: Target) -> tuple[str, str, int, int]:
    return target.feature, target.value, target.min, target.max


def _check_lottery(bundle: Bundle) -> Iterator[Check]:
    """Measure the lottery by the certificate."""
    lottery = bundle.lottery
    if lottery is None:
        return
    names = ("lottery_panels", "lottery_balls", "lottery_chances", "lottery_best")
    if bundle.certified is None:
        yield from (_miss(name, "certificate") for name in names)
        return
    try:
        found = published.measure_lottery(lottery.panels, bundle.data, bundle.certified)
    except (LookupError, TypeError, ValueError) as problem:
        yield _fail("lottery_panels", detail=str(problem))
        yield from (_miss(name, "panels") for name in names[1:])
        return
    yield Check("lottery_panels", "passed")
    wrong = sorted({*lottery.balls.items()} ^ {*found.balls.items()})
    yield _judge("lottery_balls", not wrong, person=wrong[0][0] if wrong else "")
    named = sorted({*lottery.outside} ^ {*found.outside}) or [*lottery.outside]
    is_so = lottery.outside == found.outside
    yield _judge("lottery_chances", is_so, person="" if is_so else named[0])
    yield _judge("lottery_best", lottery.best_minimum == found.best_minimum, number=found.best_minimum)


def _check_commitment(bundle: Bundle) -> Iterator[Check]:
    """Check the commitment on its own, and that the files that name one name the same."""
    commitment = bundle.bound_by
    if commitment is None:
        return
    yield _judge("root", is_sealed(commitment))
    try:
        check_instant(commitment.source.announced_at, commitment.committed_at)
        yield Check("instant", "passed")
    except SortitionError as error:
        yield _fail("instant", detail=_phrase(error))
    if bundle.draw:
        if bundle.commitment is None:
            yield _miss("one_commitment", "commitment")
        else:
            yield _judge("one_commitment", bundle.commitment == bundle.draw.commitment)
    if bundle.secret:
        is_same = bundle.opened in (None, bundle.secret.secret) and bundle.secret.root == commitment.root
        yield _judge("one_secret", is_same)


def _check_opening(bundle: Bundle) -> Iterator[Check]:
    """Compare targets, pool and panels with what was committed to."""
    commitment, key, panels = bundle.bound_by, bundle.key, bundle.panels
    if commitment is None:
        return
    pool = bundle.asked[0] if bundle.asked else bundle.pool
    targets = bundle.asked[1] if bundle.asked else bundle.targets
    if targets is None:
        yield _miss("committed_targets", "asked")
    else:
        yield _judge("committed_targets", commitments.hash_targets(targets) == commitment.targets)
    if pool is None or key is None:
        yield _miss("committed_pool", "asked" if pool is None else "secret")
    else:
        is_same = commitments.hash_pool(pool, key) == commitment.pool
        yield _judge("committed_pool", is_same and len(pool.people) == commitment.people)
    if panels is None:
        yield _miss("committed_panels", "panels")
        return
    has_as_many = fits(panels, commitment)
    if not has_as_many or key is not None:
        is_same = has_as_many and commitments.hash_panels(panels, key or b"") == commitment.panels
        yield _judge("committed_panels", is_same)
    else:
        yield _miss("committed_panels", "secret")


def _check_draw(bundle: Bundle) -> Iterator[Check]:
    """Draw again, and compare."""
    draw, panels = bundle.draw, bundle.panels
    if draw is None:
        return
    yield _judge("seal", seal_draw(draw) == draw.seal)
    try:
        ticket = draw_ticket(draw.commitment, draw.outcome)
    except SortitionError as error:
        yield _fail("randomness", detail=_phrase(error))
        return
    yield Check("randomness", "passed")
    if panels is None:
        yield _miss("panel", "panels")
        return
    try:
        number = find_panel(panels, ticket)
    except SortitionError as error:
        yield _fail("panel", detail=_phrase(error))
        return
    is_same = (number, tuple(sorted(panels[number].members))) == (draw.number, draw.members)
    yield _judge("panel", is_same, detail=Phrase(gettext_noop("panel {number}"), number=number))


def _phrase(error: SortitionError) -> Phrase:
    return Phrase(error.message, **error.params)


def _judge(name: str, is_so: bool, **params: object) -> Check:
    return Check(name, "passed" if is_so else "failed", params)


def _fail(name: str, **params: object) -> Check:
    return Check(name, "failed", params)


def _miss(name: str, wanted: str) -> Check:
    return Check(name, "missing", {"missing": Phrase(WANTED[wanted])})
