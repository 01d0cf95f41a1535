"""A consultation → the CSV files of Polis, as the newest of its versions names their columns; 1 is to agree."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

from antigone.core.opinion.export import Export
from antigone.core.opinion.reading import COMMENTS, PARTICIPANTS, SUMMARY, VOTES
from antigone.core.opinion.tables import write_table
from antigone.core.opinion.votes import AGREE, DISAGREE


def write_export(export: Export) -> dict[str, bytes]:
    r"""Write the files of a consultation, by name; what `read_export` reads of them is the same.

    They hold each participant's votes: whoever publishes them lets others recognise people by their answers.

    >>> from antigone.core.opinion.reading import read_export
    >>> comments = b"comment-id,moderated,comment-body\n1,1,Bancs\n"
    >>> votes = b"timestamp,comment-id,voter-id,vote\n10,1,4,1\n"
    >>> write_export(read_export({"comments.csv": comments, "votes.csv": votes}))["votes.csv"]
    b'timestamp,datetime,comment-id,voter-id,vote\r\n10,Thu Jan  1 00:00:00 UTC 1970,1,4,1\r\n'
    """
    return {
        SUMMARY: _write_summary(export),
        COMMENTS: _write_comments(export),
        VOTES: _write_votes(export),
        PARTICIPANTS[0]: _write_participants(export),
    }


def _write_summary(export: Export) -> bytes:
    voters = len(set(export.voters.tolist()))
    counted = {
        "voters": voters,
        "voters-in-conv": voters,
        "commenters": len({one.author for one in export.statements if one.author is not None}),
        "comments": len(export.statements),
        "groups": len(set(export.groups.values())),
    }
    rows = dict.fromkeys(("topic", "url"), "") | dict(export.summary)
    description = rows.pop("conversation-description", "")
    rows |= {name: str(count) for name, count in counted.items()} | {"conversation-description": description}
    header, *others = rows.items()
    return write_table(header, others)


def _write_comments(export: Export) -> bytes:
    cast = Counter(zip(export.voted.tolist(), export.votes.tolist(), strict=True))
    header = (
        "timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "is-seed",
        "group-informed-consensus", "comment-body",
    )  # fmt: skip
    rows = [
        (
            _write(one.created_at),
            one.id,
            _write(one.author),
            cast[one.id, AGREE],
            cast[one.id, DISAGREE],
            one.moderation,
            str(one.is_meta).lower(),
            str(one.is_seed).lower(),
            _write(one.consensus),
            one.text,
        )
        for one in export.statements
    ]
    return write_table(header, rows)


def _write_votes(export: Export) -> bytes:
    cast = zip(
        export.times.tolist(),
        export.voted.tolist(),
        export.voters.tolist(),
        export.votes.tolist(),
        strict=True,
    )
    rows = [
        ("" if time < 0 else time, _write_instant(time), statement, voter, vote)
        for time, statement, voter, vote in cast
    ]
    return write_table(("timestamp", "datetime", "comment-id", "voter-id", "vote"), rows)


def _write_participants(export: Export) -> bytes:
    held: defaultdict[int, dict[int, int]] = defaultdict(dict)
    cast = zip(export.voters.tolist(), export.voted.tolist(), export.votes.tolist(), strict=True)
    for voter, statement, vote in cast:
        held[voter][statement] = vote
    authors = Counter(one.author for one in export.statements)
    ids = [one.id for one in export.statements]
    rows: list[list[str | int]] = []
    for person in export.participants:
        votes = held[person]
        counts = Counter(votes.values())
        rows.append(
            [
                person,
                _write(export.groups.get(person)),
                authors[person],
                len(votes),
                counts[AGREE],
                counts[DISAGREE],
                *[votes.get(id, "") for id in ids],
            ]
        )
    header: list[str | int] = [
        "participant",
        "group-id",
        "n-comments",
        "n-votes",
        "n-agree",
        "n-disagree",
        *ids,
    ]
    return write_table(header, rows)


def _write(value: float | None) -> str:
    return "" if value is None else repr(value)


def _write_instant(time: int) -> str:
    """Write milliseconds since 1970 as Polis does, in UTC; `ctime` knows no language but English."""
    if time < 0:
        return ""
    day = datetime.fromtimestamp(time / 1000, UTC).ctime()
    return f"{day[:-4]}UTC {day[-4:]}"
