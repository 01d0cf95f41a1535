"""Have files of draws checked in a process of its own, of limited time and memory: anybody sends them."""

import json
import subprocess
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from antigone.selection.commitments import describe_draw
from antigone.selection.models import ComputedFile, Draw
from antigone.selection.results import open_file
from antigone.selection.wording import say_percent

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
MOST_BYTES = 50_000_000
GZIP_MARK = b"\x1f\x8b"

WORDS: Mapping[str, str | Promise] = {
    "format": _("The file is that of a draw, in the format antigone-draw/1."),
    "panels": _("Every panel has all its seats, meets every target and sits no two people of one household."),
    "chances": _("The panels and their weights give each person the chance that the file says."),
    "proof": _(
        "The proof holds: nobody who has less could be given more, beyond the gap that the file says."
    ),
    "lottery": _(
        "Each panel of the lottery meets the targets, and everybody sits in as many as they should."
    ),
    "draw": _("The panel is the one that the lot named, among those fixed before it was drawn."),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, in words. `is_passed` is None where a failure left it unchecked."""

    words: str
    is_passed: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of the files of a draw. `problem` says why nothing could be checked, where it is so."""

    checks: tuple[Check, ...] = ()
    problem: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return bool(self.checks) and all(check.is_passed for check in self.checks)

    @property
    def minimum(self) -> str:
        return say_percent(self.facts["minimum"], 2)


def check_bytes(data: bytes) -> Report:
    """Check the file of a draw as it was sent, compressed or not."""
    try:
        text = _decompress(data) if data.startswith(GZIP_MARK) else data
        certificate = json.loads(text)
    except (ValueError, RecursionError, zlib.error):
        return Report(problem=gettext("This is not a JSON file. Choose the file of a draw (draw.json)."))
    return _check({"certificate": certificate, "lottery": None, "draw": None})


def check_published(draw: Draw) -> Report:
    """Check a published draw from its files: certificate, lottery, and the lot where it is drawn."""
    computation = draw.commitment.computation
    request = {
        "certificate": open_file(computation, ComputedFile.Kind.CERTIFICATE),
        "lottery": open_file(computation, ComputedFile.Kind.LOTTERY) if computation.lottery_size else None,
        "draw": describe_draw(draw, draw.commitment, draw.outcome) if draw.is_drawn else None,
    }
    return _check(request)


def _check(request: Mapping[str, Any]) -> Report:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "antigone.selection.checking"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return Report(
            problem=gettext("The check took more than %(seconds)s seconds and was stopped. Check it at home.")
            % {"seconds": SECONDS}
        )
    except subprocess.CalledProcessError:
        return Report(problem=gettext("The check stopped on this file, which is not that of a draw."))
    answer = json.loads(child.stdout)
    checks = tuple(Check(str(WORDS[code]), passed, detail) for code, passed, detail in answer["checks"])
    return Report(checks, facts=answer["facts"])


def _decompress(data: bytes) -> bytes:
    """Open gzip up to `MOST_BYTES`; raise ValueError beyond."""
    opener = zlib.decompressobj(wbits=31)
    opened = opener.decompress(data, MOST_BYTES)
    if opener.unconsumed_tail:
        raise ValueError("too large once opened")
    return opened
