"""A picture → what is written as JSON; and the history that lets the next picture follow it, there and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from antigone.core.opinion.choosing import Sides
from antigone.core.opinion.groups import History
from antigone.core.opinion.picture import Picture

FORMAT = "antigone-opinion/1"


def describe_picture(picture: Picture, texts: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Give a picture as JSON: `groups` by participant, `consensus`, `statements`, `eigenvalues` and the rest.

    It holds the place and the group of each participant: it is for the city's own use, not for publication.

    >>> from antigone.core.opinion import Opinion, draw_picture
    >>> opinion = Opinion()
    >>> opinion.record_many([1, 2, 3], [7, 7, 7], [1, 1, 1])
    >>> describe_picture(draw_picture(opinion))["consensus"]
    {'agree': [7], 'disagree': []}
    """
    groups, people = picture.groups, picture.votes.participants.tolist()
    labels, points = groups.labels.tolist(), picture.map.participants.tolist()
    texts = texts or {}
    return {
        "format": FORMAT,
        "participation": {
            name: getattr(picture.participation, name) for name in picture.participation.__dataclass_fields__
        },
        "clear_groups": groups.are_clear,
        "silhouette": groups.silhouette,
        "silhouettes": {str(count): value for count, value in groups.tried.items()},
        "group_sizes": {str(name): size for name, size in groups.sizes.items()},
        "groups": {str(id): label for id, label in zip(people, labels, strict=True) if label >= 0},
        "positions": {str(id): point for id, point in zip(people, points, strict=True)},
        "eigenvalues": picture.map.eigenvalues.tolist(),
        "spread": picture.map.spread,
        "alignment": picture.map.alignment,
        "alignment_by_chance": picture.map.chance,
        "consensus": _describe_sides(picture.consensus),
        "shared": _describe_sides(picture.shared),
        "divisive": list(picture.divisive),
        "representative": {
            str(name): [
                {field: getattr(one, field) for field in one.__dataclass_fields__} | {"score": one.score}
                for one in chosen
            ]
            for name, chosen in picture.representative.items()
        },
        "statements": [
            _describe_statement(picture, column, texts.get(int(id)))
            for column, id in enumerate(picture.votes.statements)
        ],
    }


def _describe_sides(sides: Sides) -> dict[str, list[int]]:
    return {"agree": list(sides.agree), "disagree": list(sides.disagree)}


def _describe_statement(picture: Picture, column: int, text: str | None) -> dict[str, Any]:
    figures = picture.describe_column(column)
    return {
        "id": figures.statement,
        **({} if text is None else {"text": text}),
        "out": figures.is_out,
        "votes": figures.votes,
        "agrees": figures.agrees,
        "disagrees": figures.disagrees,
        "passes": figures.passes,
        "groups": {
            str(name): {
                "agrees": agrees,
                "disagrees": disagrees,
                "passes": passes,
                "votes": agrees + disagrees + passes,
            }
            for name, (agrees, disagrees, passes) in figures.groups.items()
        },
        "group_aware_consensus": figures.consensus_agree,
        "group_aware_consensus_disagree": figures.consensus_disagree,
        "majority_of_every_group": {
            "agree": figures.is_shared_agree,
            "disagree": figures.is_shared_disagree,
        },
        "gap": figures.gap,
        "split": figures.split,
        "extremity": figures.extremity,
        "priority": figures.priority,
        "position": list(figures.position),
    }


def dump_history(history: History) -> dict[str, Any]:
    """Give a history as JSON, to be kept between two pictures (and after a restart).

    >>> from antigone.core.opinion import Opinion, draw_picture
    >>> opinion = Opinion()
    >>> opinion.record(4, 7, 1)
    >>> dump_history(draw_picture(opinion).history)["groups"]
    {'4': 0}
    """
    people = zip(history.participants.tolist(), history.labels.tolist(), strict=True)
    axes = zip(history.statements.tolist(), history.components.tolist(), strict=True)
    return {
        "groups": {str(id): label for id, label in people},
        "shown": history.shown,
        "wanted": history.wanted,
        "times": history.times,
        "components": {str(id): pair for id, pair in axes},
    }


def load_history(data: Mapping[str, Any]) -> History:
    """Read what `dump_history` gave."""
    groups = sorted((int(id), int(label)) for id, label in data["groups"].items())
    axes = sorted((int(id), pair) for id, pair in data["components"].items())
    return History(
        participants=np.array([id for id, _ in groups], dtype=np.int64),
        labels=np.array([label for _, label in groups], dtype=np.int64),
        shown=int(data["shown"]),
        wanted=int(data["wanted"]),
        times=int(data["times"]),
        statements=np.array([id for id, _ in axes], dtype=np.int64),
        components=np.array([pair for _, pair in axes], dtype=np.float64).reshape(-1, 2),
    )
