"""A draw in public from the terminal: commit before the randomness is known, reveal the panel after it."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console

from antigone import __version__
from antigone.core.sortition import Lottery, Pool, Targets, commit, draw_panel
from antigone.core.sortition.beacons import QUICKNET
from antigone.core.sortition.bundle import Bundle
from antigone.core.sortition.commitments import Digits, Round, Source, check_instant, find_round
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.public_draw import Beacon, Outcome, Thrown
from antigone.core.sortition.published import (
    Secret,
    dump_commitment,
    dump_lottery,
    dump_public_draw,
    dump_secret,
)
from antigone.errors import WrongInput
from antigone.selection.commands import reports
from antigone.selection.commands.terminal import (
    in_language,
    json_option,
    language_option,
    print_json,
    read_file,
    say,
    write_file,
)

FACES = 10
SECRET_BYTES = 32


def name_beside(out: Path, part: str) -> Path:
    """Name a file that goes with a certificate: draw.json → draw.lottery.json."""
    return out.with_name(f"{out.name.removesuffix('.json')}.{part}.json")


def read_digits(text: str, number: int) -> int:
    """Turn digits that fell already into the number of one of `number` equal panels."""
    digits = [digit for digit in text if digit not in " -"]
    throws = _count_throws(number)
    if not all(digit.isascii() and digit.isdigit() for digit in digits) or len(digits) != throws:
        raise _refuse(
            gettext_noop("“%(text)s” is not a series of %(throws)d digits."), text=text, throws=throws
        )
    drawn = int("".join(digits))
    if drawn >= FACES**throws // number * number:
        raise _refuse(
            gettext_noop("“%(text)s” favours nobody only if it is thrown again: it is over the last panel."),
            text=text,
        )
    return drawn % number


def read_source(text: str, number: int) -> Source:
    """Read randomness that is still to come: `drand:ROUND`, `drand:INSTANT` or `digits:INSTANT,EVENT`."""
    source = _read_source(text, number)
    check_instant(source.announced_at, timezone.now())
    return source


def _read_source(text: str, number: int) -> Source:
    kind, _separator, rest = text.partition(":")
    if kind == "drand":
        if rest.isdigit():
            return Round(QUICKNET.hash, QUICKNET.genesis, QUICKNET.period, int(rest))
        return find_round(QUICKNET.hash, _read_instant(rest))
    if kind == "digits":
        instant, _separator, event = rest.partition(",")
        if not number:
            raise click.UsageError(_("Digits choose among equal panels: add --lottery 1000."))
        return Digits(event.strip() or _("in public"), _read_instant(instant), FACES, _count_throws(number))
    raise _refuse(
        gettext_noop(
            "“%(text)s” names no randomness. Write drand:2027-01-15T18:00, drand: and the number of a round, "
            "“digits:2027-01-15T18:00,Town hall”, or digits that fell already."
        ),
        text=text,
    )


def _count_throws(number: int) -> int:
    """Give how many digits tell so many panels apart."""
    return len(str(number - 1))


def _read_instant(text: str) -> datetime:
    try:
        instant = parse_datetime(text.strip())
    except ValueError:
        instant = None
    if instant is None:
        raise _refuse(gettext_noop("“%(text)s” is not an instant. Write it as 2027-01-15T18:00."), text=text)
    return instant if timezone.is_aware(instant) else timezone.make_aware(instant)


def _refuse(template: str, **params: object) -> WrongInput:
    return WrongInput("invalid_public_randomness", template, **params)


def commit_draw(
    pool: Pool,
    targets: Targets,
    panels: Sequence[WeightedPanel],
    lottery: Lottery | None,
    source: Source,
    out: Path,
) -> list[Path]:
    """Commit to a draw; write the commitment, the lottery and the secret beside the certificate; return their paths."""
    secret = secrets.token_bytes(SECRET_BYTES)
    found = commit(
        pool,
        targets,
        panels,
        secret=secret,
        version=__version__,
        source=source,
        committed_at=timezone.now().replace(microsecond=0),
    )
    paths = [name_beside(out, "secret"), name_beside(out, "commitment")]
    write_file(paths[0], dump_secret(Secret(found.root, secret)), is_secret=True)
    if lottery:
        paths.append(name_beside(out, "lottery"))
        write_file(paths[-1], dump_lottery(lottery))
    write_file(paths[1], dump_commitment(found))
    return paths


@click.command(
    help=say(
        gettext_noop(
            "Reveal the panel of a draw that was committed to, once its randomness is there.\n\n"
            "DRAW is the certificate that `antigone draw --public-randomness … --out DRAW` wrote; the commitment, the "
            "secret and the lottery are read beside it. The public draw is written there too, with the secret that "
            "lets anybody check it: publish it with the certificate."
        )
    )
)
@click.argument("certificate", metavar="DRAW", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--digits",
    multiple=True,
    metavar="SERIES",
    help=say(gettext_noop("What fell, 417 or 4-1-7; several times where series had to be thrown again.")),
)
@click.option(
    "--drawn-at",
    metavar="INSTANT",
    help=say(gettext_noop("When the digits fell; without it, now.")),
)
@click.option("--signature", metavar="HEX", help=say(gettext_noop("The signature of the round of drand.")))
@json_option
@language_option
@in_language
def reveal(
    certificate: Path, digits: tuple[str, ...], drawn_at: str | None, signature: str | None, as_json: bool
) -> None:
    bundle = _read_bundle(certificate)
    commitment, secret, panels = bundle.commitment, bundle.secret, bundle.panels
    assert commitment is not None
    assert secret is not None
    assert bundle.asked is not None
    assert panels is not None
    drawn = draw_panel(commitment, panels, _read_outcome(commitment.source, digits, drawn_at, signature))
    path = name_beside(certificate, "public")
    write_file(path, dump_public_draw(drawn, secret.secret))
    if as_json:
        print_json({"panel": list(drawn.members), "number": drawn.number, "seal": drawn.seal})
        return
    console = Console()
    reports.print_panel(console, *bundle.asked, drawn.members)
    words = {"number": drawn.number, "path": str(path)}
    console.print(_("Panel number %(number)d. The public draw is in %(path)s.") % words, highlight=False)


def _read_bundle(certificate: Path) -> Bundle:
    """Read a certificate and what was written beside it when the draw was committed to."""
    bundle = Bundle()
    for path in (
        certificate,
        *(name_beside(certificate, part) for part in ("commitment", "secret", "lottery")),
    ):
        if path.exists() or ".lottery." not in path.name:
            bundle.add(path.name, read_file(path))
    return bundle


def _read_outcome(
    source: Source, digits: Sequence[str], drawn_at: str | None, signature: str | None
) -> Outcome:
    if isinstance(source, Round):
        if not signature:
            words = {"round": source.number}
            raise click.UsageError(_("Give the signature of round %(round)d: --signature.") % words)
        return Beacon(source.number, signature.strip().lower())
    if not digits:
        raise click.UsageError(_("Give what fell: --digits 417."))
    series = tuple(tuple(int(digit) for digit in text if digit.isdecimal()) for text in digits)
    instant = _read_instant(drawn_at) if drawn_at else timezone.now().replace(microsecond=0)
    return Thrown(series, instant)
