"""Have files of draws checked in a process of its own, of limited time and memory: anybody sends them."""

import json
import subprocess
import sys
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from antigone.core.sortition.documents import dump_json
from antigone.core.sortition.published import dump_public_draw
from antigone.core.sortition.verification import Check, Report
from antigone.selection.commitments import make_public_draw
from antigone.selection.models import ComputedFile, Draw
from antigone.selection.phrases import open_params
from antigone.selection.results import read_file
from antigone.selection.wording import explain

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
MOST_BYTES = 50_000_000
GZIP_MARK = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked, in words; `result` is passed, failed or missing."""

    words: str
    result: str


@dataclass(frozen=True, slots=True)
class Checked:
    """All checks of the files of a draw. `problem` says why nothing could be checked, where it is so."""

    lines: tuple[Line, ...] = ()
    is_valid: bool = False
    problem: str = ""


def check_upload(files: Mapping[str, bytes]) -> Checked:
    """Check files of a draw as they were sent (name → bytes), compressed or not."""
    try:
        opened = {
            name: _decompress(data) if data.startswith(GZIP_MARK) else data for name, data in files.items()
        }
    except (ValueError, zlib.error):
        return Checked(problem=gettext("This compressed file cannot be opened, or is too large once opened."))
    return _check(opened)


def check_published(draw: Draw) -> Checked:
    """Check a published draw from its files: certificate, lottery, and the lot where it is drawn."""
    return _check(gather_files(draw))


def gather_files(draw: Draw) -> dict[str, bytes]:
    """Give the public files of a draw that is published, by name."""
    computation = draw.commitment.computation
    files = {"draw.json": read_file(computation, ComputedFile.Kind.CERTIFICATE)}
    if computation.lottery_size:
        files["lottery.json"] = read_file(computation, ComputedFile.Kind.LOTTERY)
    files["commitment.json"] = dump_json(draw.commitment.document)
    if draw.is_drawn:
        files["public-draw.json"] = dump_public_draw(make_public_draw(draw), bytes(draw.commitment.secret))
    return files


def _check(files: Mapping[str, bytes]) -> Checked:
    request = json.dumps({name: b64encode(data).decode() for name, data in files.items()})
    try:
        child = subprocess.run(
            [sys.executable, "-m", "antigone.selection.checking"],
            input=request.encode(),
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        sentence = gettext("The check took more than %(seconds)s seconds and was stopped. Check it at home.")
        return Checked(problem=sentence % {"seconds": SECONDS})
    except subprocess.CalledProcessError:
        return Checked(problem=gettext("The check stopped on this file, which is not that of a draw."))
    checks = [Check(name, result, open_params(params)) for name, result, params in json.loads(child.stdout)]
    lines = tuple(Line(explain(check), check.result) for check in checks)
    return Checked(lines, Report(tuple(checks)).is_valid)


def _decompress(data: bytes) -> bytes:
    """Open gzip up to `MOST_BYTES`; raise ValueError beyond."""
    opener = zlib.decompressobj(wbits=31)
    opened = opener.decompress(data, MOST_BYTES)
    if opener.unconsumed_tail:
        raise ValueError("too large once opened")
    return opened
