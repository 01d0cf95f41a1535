"""Measure the public pages of a convention: `python benchmarks/convention.py`.

Builds in a temporary database a convention of 150 members, 150 proposals and 2,000 versions of paragraphs, and
one of a tenth of each; asks for every public page of the room as a visitor, and counts queries and milliseconds
of CPU (median of five, warm). The queries must be the same for both, and the CPU under 50 ms: offenders are named,
exit code 1.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MEMBERS, PROPOSALS, VERSIONS = 150, 150, 2_000
MOST_MILLISECONDS = 50.0
RUNS = 5
START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = (
    "La ville organise chaque année une rencontre publique où les habitants lisent les comptes, posent leurs questions "
    "et reçoivent une réponse écrite dans le mois. "
)


@dataclass(frozen=True)
class Measure:
    """What one page took."""

    queries: int
    milliseconds: float
    kilobytes: float


def at(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def invent(scale: int) -> dict[str, Any]:
    """Give a convention in our own open format, `scale` times smaller than the largest."""
    members, proposals, versions = MEMBERS // scale, PROPOSALS // scale, VERSIONS // scale
    paragraphs = 4 * proposals
    tables: dict[str, Any] = {
        "format": "antigone-convention/1",
        "convention": {
            "title": f"Convention de {members} membres", "question": "Que voulons-nous ?", "commissioner": "Conseil",
            "seats": members, "indemnity": "92.00", "vote_threshold": 50, "vote_quorum": 50, "language": "fr",
            "phase": "answers", "published_at": at(0), "answers_due_date": "2027-01-01",
            "starts_date": "2026-01-01", "ends_date": "2026-03-01",
        },
        "members": [{"member": i, "name": f"Prénom {i:03}", "is_sitting": True} for i in range(1, members + 1)],
        "features": [
            {"feature": f"critère {f}", "value": f"valeur {v}", "members": members // 5}
            for f in range(5) for v in range(5)
        ],
        "sessions": [
            {
                "number": i, "title": f"Session {i}", "starts_at": at(i * 1_000), "ends_at": at(i * 1_000 + 500),
                "is_agenda_published": True, "minutes": WORDS * 20, "minutes_published_at": at(i * 1_000 + 900),
            }
            for i in range(1, 7)
        ],
        "themes": [{"theme": i, "title": f"Thème {i}"} for i in range(1, 7)],
        "contributions": [
            {"number": i, "session": 1 + i % 6, "theme": 1 + i % 6, "member": 1 + i % members, "text": WORDS,
             "written_at": at(i)}
            for i in range(1, 4 * members + 1)
        ],
        "questions": [
            {"number": i, "member": i, "text": "Combien ?", "state": "answered", "asked_at": at(i)}
            for i in range(1, members + 1)
        ],
        "expert_answers": [
            {"answer": f"{i}.1", "question": i, "text": WORDS, "sources": "Rapport", "answered_at": at(i)}
            for i in range(1, members + 1)
        ],
        "proposals": [
            {"number": i, "theme": 1 + i % 6, "title": f"Proposition {i}", "state": "adopted", "adopted_at": at(9_000)}
            for i in range(1, proposals + 1)
        ],
        **{name: [] for name in ("paragraphs", "versions", "descents", "origins", "ballots", "ballot_versions")},
    }  # fmt: skip
    for index in range(paragraphs):
        count = versions // paragraphs + (index < versions % paragraphs)
        write_paragraph(tables, index, count, members)
    for i in range(1, proposals + 1):
        vote(tables, i, members)
    return tables


def write_paragraph(tables: dict[str, Any], index: int, count: int, members: int) -> None:
    proposal, rank = index // 4 + 1, index % 4 + 1
    key = f"{proposal}.{rank}"
    tables["paragraphs"].append(
        {"paragraph": key, "proposal": proposal, "position": rank, "text": WORDS * 3, "version": count,
         "kept_version": count}
    )  # fmt: skip
    for number in range(1, count + 1):
        tables["versions"].append(
            {"version": f"{key}.{number}", "paragraph": key, "number": number, "text": WORDS * 3,
             "member": 1 + index % members, "saved_at": at(2_000 + number)}
        )  # fmt: skip
        tables["origins"].append(
            {"version": f"{key}.{number}", "contribution": 1 + (index * 3 + number) % (4 * members)}
        )
        if number > 1:
            tables["descents"].append(
                {"parent": f"{key}.{number - 1}", "child": f"{key}.{number}", "kind": "edit"}
            )


def vote(tables: dict[str, Any], proposal: int, members: int) -> None:
    """Let a proposal be voted on, kept, and answered."""
    voters = members // 3
    tables["ballots"].append(
        {"number": proposal, "proposal": proposal, "mode": "hands", "state": "closed", "members": members,
         "threshold": 50, "quorum": 50, "counts": [0, 0, 0, voters, voters], "is_quorate": True, "is_kept": True,
         "opened_at": at(8_000), "closed_at": at(8_001)}
    )  # fmt: skip
    if proposal % 3:
        tables.setdefault("answers", []).append(
            {"proposal": proposal, "status": "accepted", "reasons": WORDS * 3, "commitment": "Le faire.",
             "commitment_due_date": "2027-01-01", "answerer": "Le maire", "published_at": at(9_500)}
        )  # fmt: skip
        tables.setdefault("grades", []).append({"answer": proposal, "counts": [1, 1, 1, 1, 1]})


def list_pages(slug: str, numbers: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Give every page of the room that a visitor may open: those that answer 200 in HTML."""
    from django.test import Client  # noqa: PLC0415 (Django is set up in main)
    from django.urls import reverse  # noqa: PLC0415 (the same)

    from antigone.convention.urls import urlpatterns  # noqa: PLC0415 (the same)

    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        values: dict[str, object] = {"slug": slug} if "slug" in names else {}
        values |= {name: numbers.get(name, numbers["number"]) for name in names if name != "slug"}
        address = reverse(f"convention:{pattern.name}", kwargs=values)
        response = Client(SERVER_NAME="localhost").get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield str(pattern.name), address


def measure(address: str) -> Measure:
    from django.db import connection  # noqa: PLC0415 (Django is set up in main)
    from django.test import Client  # noqa: PLC0415 (the same)
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 (the same)

    client = Client(SERVER_NAME="localhost")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        content = client.get(address).content
    queries = len(captured)
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        client.get(address)
        taken.append(1_000 * (time.process_time() - began))
    return Measure(queries, statistics.median(taken), len(content) / 1_000)


def build(scale: int) -> tuple[str, dict[str, int]]:
    """Build the convention; return its slug, and numbers to fill addresses with."""
    import orjson  # noqa: PLC0415 (beside Django)

    from antigone.accounts.models import Organisation  # noqa: PLC0415 (Django is set up in main)
    from antigone.convention.actions import import_convention  # noqa: PLC0415 (the same)
    from antigone.convention.opendata.parsing import read_convention  # noqa: PLC0415 (the same)

    city, _new = Organisation.objects.get_or_create(
        slug="ville", defaults={"name": "Ville", "kind": "authority"}
    )
    file = read_convention(orjson.dumps(invent(scale)))
    convention = import_convention(file=file, organisation=city, by=None).convention
    proposal = convention.proposals.order_by("number")[0]
    paragraph = proposal.paragraphs.order_by("pk")[0]
    ballot = convention.ballots.order_by("number")[0]
    return convention.slug, {
        "number": 1, "proposal_id": proposal.pk, "paragraph_id": paragraph.pk, "ballot_id": ballot.pk,
    }  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="antigone-convention-") as folder:
        os.environ |= {"ANTIGONE_DATA": folder, "DJANGO_SETTINGS_MODULE": "antigone.settings"}
        import django  # noqa: PLC0415 (the settings read the folder)

        django.setup()
        from antigone.portal.commands import prepare  # noqa: PLC0415 (the same)

        prepare()
        sys.exit(compare(build(1), build(10)))


def compare(large: tuple[str, dict[str, int]], small: tuple[str, dict[str, int]]) -> int:
    """Print the table of all pages; return how many are offenders."""
    small_pages = dict(list_pages(*small))
    offenders = []
    print(
        f"{MEMBERS} members, {PROPOSALS} proposals, {VERSIONS} versions; a tenth of each between brackets\n"
    )
    print("| page | queries | CPU, ms | kB |\n| --- | --- | --- | --- |")
    for name, address in list_pages(*large):
        one, tenth = measure(address), measure(small_pages.get(name, address))
        print(
            f"| {name} | {one.queries} ({tenth.queries}) | {one.milliseconds:.1f} ({tenth.milliseconds:.1f}) "
            f"| {one.kilobytes:.0f} ({tenth.kilobytes:.0f}) |"
        )
        if one.queries != tenth.queries or one.milliseconds > MOST_MILLISECONDS:
            offenders.append(name)
    print(f"\nOffenders: {', '.join(offenders) or 'none'}")
    return bool(offenders)


if __name__ == "__main__":
    main()
