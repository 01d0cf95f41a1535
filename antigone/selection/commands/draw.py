"""`antigone draw`: check → distribution → panel."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console

from antigone.core.sortition import (
    Alternates,
    Diagnosis,
    Distribution,
    Lottery,
    Pool,
    Targets,
    choose_alternates,
    diagnose,
    distribute,
    make_lottery,
)
from antigone.core.sortition.commitments import Source
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.explanations import Sensitivity, measure_sensitivity
from antigone.core.sortition.objectives import Objective
from antigone.core.sortition.public_draw import find_panel
from antigone.core.sortition.reading import write_pool
from antigone.core.sortition.seeds import draw_by_seed
from antigone.selection.commands import reports
from antigone.selection.commands.loading import (
    FILE,
    Flexibility,
    load_pool_file,
    load_targets_file,
    pool_and_targets,
)
from antigone.selection.commands.public import commit_draw, read_digits, read_source
from antigone.selection.commands.terminal import (
    TerminalProgress,
    in_language,
    json_option,
    language_option,
    print_json,
    say,
    show_progress,
    write_file,
)

SEED_BITS = 48
"""Enough that nobody guesses a seed, few enough that people copy it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked on the command line."""

    objective: Objective
    households: bool
    lottery: int
    seed: int
    public_randomness: str
    alternates: int
    explain: bool
    time_limit: float
    out: Path | None
    panel: Path | None
    as_json: bool

    def __post_init__(self) -> None:
        if self.is_to_come and self.out is None:
            raise click.UsageError(_("Say where the commitment goes: --out draw.json."))
        if self.public_randomness and not self.is_to_come:
            if not self.lottery:
                raise click.UsageError(_("Digits choose among equal panels: add --lottery 1000."))
            read_digits(self.public_randomness, self.lottery)

    @property
    def is_to_come(self) -> bool:
        """Whether the panel is for later: the randomness is only announced."""
        return ":" in self.public_randomness


@dataclass(frozen=True, slots=True)
class Found:
    """All that was computed."""

    diagnosis: Diagnosis
    fair: Distribution
    lottery: Lottery | None
    sensitivity: Sensitivity | None

    @property
    def panels(self) -> tuple[WeightedPanel, ...]:
        """What is drawn from: equal panels where there is a lottery."""
        if self.lottery is None:
            return self.fair.panels
        return tuple(WeightedPanel(members, 1) for members in self.lottery.panels)


@click.command(
    help=say(
        gettext_noop(
            "Draw a panel of SIZE people from POOL so that it meets TARGETS, as fairly as there is.\n\n"
            "POOL has one line a person: an identifier, and a column for each feature. TARGETS has the columns "
            "feature, value, min, max. Both are CSV files, or the JSON of docs/reference/pool-format.md. "
            "The draw is checked first: targets that conflict are named, with the smallest changes that mend them.\n\n"
            "Exit code 0 when a panel was drawn (with --check: when one can be), 1 when none can be."
        )
    )
)
@pool_and_targets
@click.option(
    "--objective",
    type=click.Choice(get_args(Objective)),
    default="leximin",
    show_default=True,
    help=say(gettext_noop("What “fair” means; docs/commands.md explains each.")),
)
@click.option(
    "--lottery",
    type=click.IntRange(2, 100_000),
    is_flag=False,
    flag_value=1000,
    metavar="[NUMBER]",
    help=say(gettext_noop("Make this many equal panels, 1000 if no number follows: three digits draw one.")),
)
@click.option(
    "--seed", type=int, help=say(gettext_noop("Repeat a draw: the same seed draws the same panel."))
)
@click.option(
    "--public-randomness",
    default="",
    metavar="RANDOMNESS",
    help=say(
        gettext_noop(
            "Draw in public. Randomness to come commits to the draw, `antigone reveal` draws later: "
            "drand:2027-01-15T18:00, drand:ROUND or “digits:2027-01-15T18:00,Town hall”. "
            "Digits that fell already (417) show the panel they draw: a rehearsal, that nobody needs to believe."
        )
    ),
)
@click.option(
    "--alternates",
    type=click.IntRange(min=0),
    default=0,
    metavar="NUMBER",
    help=say(gettext_noop("Also choose alternates, who save the targets when members drop out.")),
)
@click.option(
    "--explain", is_flag=True, help=say(gettext_noop("Also say what each target costs in chances."))
)
@click.option(
    "--out",
    type=FILE,
    metavar="FILE",
    help=say(gettext_noop("Write the certificate, which `antigone verify` and anybody else can check.")),
)
@click.option("--panel", type=FILE, metavar="FILE", help=say(gettext_noop("Write the panel, as CSV.")))
@click.option("--check", is_flag=True, help=say(gettext_noop("Only say whether the targets can be met.")))
@json_option
@language_option
@in_language
def draw(
    pool: Path,
    targets: Path,
    size: int | None,
    address: tuple[str, ...],
    id_column: str,
    check: bool,
    lottery: int | None,
    seed: int | None,
    **options: Any,
) -> None:
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    request = Request(lottery=lottery or 0, seed=seed, **options)
    source = read_source(request.public_randomness, request.lottery) if request.is_to_come else None
    wanted, flexibility = load_targets_file(targets, size)
    people = load_pool_file(pool, wanted, id_column=id_column, address=address, households=request.households)
    with show_progress() as progress:
        diagnosis = _diagnose(people, wanted, flexibility, request, progress)
        found = (
            None
            if check or not diagnosis.is_feasible
            else _compute(people, wanted, diagnosis, request, progress)
        )
    if found is None:
        _report_diagnosis(diagnosis, as_json=request.as_json)
        raise SystemExit(0 if diagnosis.is_feasible else 1)
    if request.out:
        write_file(request.out, json.dumps(found.fair.certificate, ensure_ascii=False).encode())
    if source is None:
        _draw_now(people, wanted, found, request)
    else:
        _commit(people, wanted, found, source, request)


def _diagnose(
    pool: Pool, targets: Targets, flexibility: Flexibility, request: Request, progress: TerminalProgress
) -> Diagnosis:
    return diagnose(
        pool,
        targets,
        request.households,
        flexibility=flexibility,
        time_limit=request.time_limit,
        progress=progress,
    )


def _compute(
    pool: Pool, targets: Targets, diagnosis: Diagnosis, request: Request, progress: TerminalProgress
) -> Found:
    """Distribute the chances; make the lottery and the prices that were asked for."""
    fair = distribute(
        pool,
        targets,
        objective=request.objective,
        households=request.households,
        seed=request.seed,
        time_limit=request.time_limit,
        progress=progress,
    )
    lottery = sensitivity = None
    if request.lottery:
        lottery = make_lottery(
            pool,
            targets,
            fair.panels,
            bound=fair.bound,
            number=request.lottery,
            households=request.households,
            time_limit=request.time_limit,
            progress=progress,
        )
    if request.explain:
        sensitivity = measure_sensitivity(
            pool,
            targets,
            households=request.households,
            without=[excluded.id for excluded in diagnosis.excluded],
            time_limit=request.time_limit,
            progress=progress,
        )
    return Found(diagnosis, fair, lottery, sensitivity)


def _report_diagnosis(diagnosis: Diagnosis, *, as_json: bool) -> None:
    if as_json:
        print_json(reports.describe_diagnosis(diagnosis))
    else:
        reports.print_diagnosis(Console(), diagnosis)


def _draw_now(pool: Pool, targets: Targets, found: Found, request: Request) -> None:
    """Draw a panel by the seed or by digits that fell already, and report."""
    if request.public_randomness:
        number = read_digits(request.public_randomness, request.lottery)
    else:
        number = find_panel(
            found.panels, draw_by_seed(request.seed, sum(panel.weight for panel in found.panels))
        )
    members = found.panels[number].members
    if request.panel:
        seated = Pool(tuple(person for person in pool.people if person.id in set(members)))
        write_file(request.panel, write_pool(seated))
    alternates = _choose_alternates(pool, targets, members, request)
    if request.as_json:
        print_json(
            _describe(found, request)
            | {"number": number, "panel": list(members)}
            | reports.describe_alternates(alternates)
        )
        return
    console = _print(found)
    reports.print_panel(console, pool, targets, members)
    reports.print_alternates(console, alternates)
    if request.public_randomness:
        words = {"number": number}
        line = _("Panel number %(number)d. Nothing was committed to before: a rehearsal, not a public draw.")
    else:
        words, line = {"seed": request.seed}, _("Drawn by the seed %(seed)d: --seed repeats it.")
    console.print(line % words, highlight=False)


def _choose_alternates(
    pool: Pool, targets: Targets, members: tuple[str, ...], request: Request
) -> Alternates | None:
    if not request.alternates:
        return None
    return choose_alternates(
        pool, targets, members, request.alternates, households=request.households, seed=request.seed
    )


def _commit(pool: Pool, targets: Targets, found: Found, source: Source, request: Request) -> None:
    """Commit to the draw before its randomness is known, and report."""
    assert request.out is not None
    paths = commit_draw(pool, targets, found.panels, found.lottery, source, request.out)
    names = {"secret": str(paths[0]), "commitment": str(paths[1]), "certificate": str(request.out)}
    if request.as_json:
        print_json(_describe(found, request) | {"files": [str(path) for path in paths]})
        return
    console = _print(found)
    console.print(
        _(
            "Committed. Publish %(commitment)s now; keep %(secret)s until the draw; then: "
            "antigone reveal %(certificate)s"
        )
        % names,
        highlight=False,
    )


def _describe(found: Found, request: Request) -> dict[str, Any]:
    report = reports.describe_distribution(found.fair) | {"seed": request.seed}
    if found.lottery:
        report["lottery"] = reports.describe_lottery(found.lottery)
    if found.sensitivity:
        report["prices"] = reports.describe_prices(found.sensitivity)
    return report | {"diagnosis": reports.describe_diagnosis(found.diagnosis)}


def _print(found: Found) -> Console:
    console = Console()
    reports.print_diagnosis(console, found.diagnosis)
    reports.print_distribution(console, found.fair)
    if found.lottery:
        reports.print_lottery(console, found.lottery)
    if found.sensitivity:
        reports.print_prices(console, found.sensitivity)
    return console
