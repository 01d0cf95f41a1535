"""What the lines of a convention must say together, once each is well written."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_noop

from antigone.convention.opendata.faults import Faults
from antigone.convention.opendata.unpacking import Line

ADDRESS = gettext_noop("An address begins with https:// or http://.")
Check = Callable[[dict[str, Any]], bool]


def is_address(text: str) -> bool:
    """Tell whether this is an address that a page may link to, or nothing."""
    return not text or text.startswith(("https://", "http://"))


# (table, field named, what must be true of a line, the sentence where it is not)
_LINE_CHECKS: tuple[tuple[str, str, Check, str], ...] = (
    (
        "convention", "seats", lambda line: line["seats"] > 0,
        gettext_noop("A convention has one member at least."),
    ),
    (
        "convention", "vote_threshold", lambda line: line["vote_threshold"] <= 100,
        gettext_noop("A share is 100 % at most."),
    ),
    (
        "convention", "vote_quorum", lambda line: line["vote_quorum"] <= 100,
        gettext_noop("A share is 100 % at most."),
    ),
    (
        "sessions", "ends_at", lambda line: line["ends_at"] > line["starts_at"],
        gettext_noop("A session ends after it begins."),
    ),
    (
        "origins", "version",
        lambda line: sum(bool(line[name]) for name in ("contribution", "expert_answer", "statement")) == 1,
        gettext_noop("An origin is a contribution, an expert’s answer or a statement: one of them, and one only."),
    ),
    (
        "answers", "commitment_due_date",
        lambda line: not line["commitment"] or line["commitment_due_date"] is not None,
        gettext_noop("What is committed to has a date."),
    ),
    (
        "ballots", "threshold", lambda line: line["threshold"] <= 100 and line["quorum"] <= 100,
        gettext_noop("A share is 100 % at most."),
    ),
    (
        "ballots", "counts", lambda line: sum(line["counts"]) <= line["members"],
        gettext_noop("More people voted than there were members."),
    ),
    ("sessions", "recording", lambda line: is_address(line["recording"]), ADDRESS),
    ("milestones", "address", lambda line: is_address(line["address"]), ADDRESS),
    (
        "publications", "address",
        lambda line: is_address(line["address"]) or re.match(r"/(?![/\\\\])", line["address"]) is not None,
        ADDRESS,
    ),
)  # fmt: skip
ONE_FREEZE = gettext_noop("Only one freeze is not lifted at a time.")
ONE_OPEN_BALLOT = gettext_noop("A text has only one open vote at a time.")
NO_SUCH_VERSION = gettext_noop("The paragraph has no version %(number)s with these words.")
TOO_MANY_GRADES = gettext_noop("More members grade this answer than there are.")
TOO_MANY_VALUES = gettext_noop("More members have a value of “%(feature)s” than sit.")


def check_lines(lines: dict[str, list[Line]], found: Faults) -> None:
    for table, name, is_right, template in _LINE_CHECKS:
        for line in lines[table]:
            if not is_right(line.values):
                found.add(template, table, line.number, name)
    _check_one_at_a_time(lines, found)
    _check_versions(lines, found)
    _check_totals(lines, found)


def _check_one_at_a_time(lines: dict[str, list[Line]], found: Faults) -> None:
    open_freezes = [line for line in lines["freezes"] if line.values["lifted_at"] is None]
    for line in open_freezes[1:]:
        found.add(ONE_FREEZE, "freezes", line.number, "lifted_at")
    seen = set()
    for line in lines["ballots"]:
        about = (
            line.values["proposal"] if line.values["paragraph"] is None else None,
            line.values["paragraph"],
        )
        if line.values["state"] == "open" and about in seen:
            found.add(ONE_OPEN_BALLOT, "ballots", line.number, "state")
        if line.values["state"] == "open":
            seen.add(about)


def _check_versions(lines: dict[str, list[Line]], found: Faults) -> None:
    """The words of a paragraph are those of its latest version, which is there."""
    versions = {
        (line.values["paragraph"], line.values["number"]): line.values["text"] for line in lines["versions"]
    }
    for line in lines["paragraphs"]:
        latest = (line.values["paragraph"], line.values["version"])
        if versions.get(latest) != line.values["text"]:
            found.add(NO_SUCH_VERSION, "paragraphs", line.number, "version", number=line.values["version"])


def _check_totals(lines: dict[str, list[Line]], found: Faults) -> None:
    sitting = _count(line.values["is_sitting"] for line in lines["members"])
    for line in lines["grades"]:
        if sum(line.values["counts"]) > len(lines["members"]):
            found.add(TOO_MANY_GRADES, "grades", line.number, "counts")
    totals: Counter[str] = Counter()
    for line in lines["features"]:
        totals[line.values["feature"]] += line.values["members"]
        if totals[line.values["feature"]] > sitting:
            found.add(TOO_MANY_VALUES, "features", line.number, "members", feature=line.values["feature"])


def _count(truths: Iterable[bool]) -> int:
    return sum(1 for truth in truths if truth)
