"""The files of a public draw, as JSON: the commitment, its secret, the draw, the lottery.

docs/reference/public-draw-format.md says what each holds; docs/reference/verify_public_draw.py is a second verifier,
written from that page alone. Readers take what they know and nothing else, in the one spelling that is hashed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from antigone.core.sortition import commitments, public_draw
from antigone.core.sortition.certificate import Verification, add_panels, verify
from antigone.core.sortition.commitments import Commitment, Digits, Round, Source, format_instant
from antigone.core.sortition.documents import Reader, dump_json
from antigone.core.sortition.errors import InvalidDocument, InvalidRandomness
from antigone.core.sortition.lottery import Lottery
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.public_draw import Beacon, Outcome, PublicDraw, Thrown

SECRET_FORMAT = "antigone-secret/1"  # noqa: S105 (a format's name)
LOTTERY_FORMAT = "antigone-lottery/1"
HASH_BYTES = 32
MOST_DIGITS = 2000
"""Of a total of weights: more than any draw has, less than keeps a reader busy."""

COMMITMENT_KINDS: dict[str, type] = {
    "format": str,
    "pool": str,
    "targets": str,
    "panels": str,
    "people": int,
    "panel_count": int,
    "total_weight": str,
    "version": str,
    "randomness": dict,
    "committed_at": str,
    "root": str,
}


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens the commitment of this root (hexadecimal): keep it until the draw is made."""

    root: str
    secret: bytes


def load_commitment(data: bytes, *, file: str = "commitment.json") -> Commitment:
    """Read a commitment; raise InvalidDocument. Whether its root is true, `is_sealed` tells."""
    reader = _Reader(data, file, commitments.FORMAT)
    return reader.read_commitment(reader.root)


def dump_commitment(commitment: Commitment) -> bytes:
    """Write a commitment as `load_commitment` reads it."""
    return dump_json(commitment.describe())


def load_secret(data: bytes, *, file: str = "secret.json") -> Secret:
    """Read what opens a commitment; raise InvalidDocument.

    >>> load_secret(dump_secret(Secret("00" * 32, bytes(32)))).secret == bytes(32)
    True
    """
    reader = _Reader(data, file, SECRET_FORMAT)
    root = reader.read(reader.root, {"format": str, "root": str, "secret": str})
    return Secret(reader.read_bytes(root, "root").hex(), reader.read_bytes(root, "secret"))


def dump_secret(secret: Secret) -> bytes:
    """Write what opens a commitment as `load_secret` reads it."""
    return dump_json({"format": SECRET_FORMAT, "root": secret.root, "secret": secret.secret.hex()})


def load_public_draw(data: bytes, *, file: str = "public-draw.json") -> tuple[PublicDraw, bytes | None]:
    """Read a public draw, and the secret that opens its commitment once that is published; raise InvalidDocument."""
    reader = _Reader(data, file, public_draw.FORMAT)
    kinds = {"format": str, "commitment": dict, "outcome": dict, "panel": int, "members": list}
    root = reader.read(reader.root, kinds | {"seal": str, "secret": str}, optional=("secret",))
    commitment = reader.read_commitment(root["commitment"])
    outcome = reader.read_outcome(root["outcome"], commitment.source)
    members = reader.read_texts(root["members"], Phrase(gettext_noop("the members")))
    seal = reader.read_bytes(root, "seal").hex()
    secret = reader.read_bytes(root, "secret") if "secret" in root else None
    return PublicDraw(commitment, outcome, root["panel"], members, seal), secret


def dump_public_draw(draw: PublicDraw, secret: bytes | None = None) -> bytes:
    """Write a draw as `load_public_draw` reads it, and with it the secret where it may be known.

    With the secret, whoever knows the id and the answers of a person can tell whether they are in the pool: open only
    what was committed to under pseudonyms.
    """
    opened = {} if secret is None else {"secret": secret.hex()}
    return dump_json(draw.describe() | {"seal": draw.seal} | opened)


def load_lottery(data: bytes, *, file: str = "lottery.json") -> Lottery:
    """Read a lottery; raise InvalidDocument. Whether it is what its certificate allows, `verify_files` tells."""
    reader = _Reader(data, file, LOTTERY_FORMAT)
    kinds = {"format": str, "number": int, "panels": list, "balls": dict, "minimum": int}
    root = reader.read(reader.root, kinds | {"best_minimum": int, "outside": list})
    panels = tuple(
        reader.read_texts(panel, Phrase(gettext_noop("panel {number}"), number=number))
        for number, panel in enumerate(root["panels"])
    )
    balls = root["balls"]
    if not balls or any(type(count) is not int for count in balls.values()):
        raise reader.refuse(Phrase(gettext_noop("“{key}” must give everybody a whole number"), key="balls"))
    if (root["number"], root["minimum"]) != (len(panels), min(balls.values())):
        raise reader.refuse(
            Phrase(gettext_noop("“number” or “minimum” is not that of the panels and the balls"))
        )
    outside = reader.read_texts(root["outside"], Phrase(gettext_noop("the people outside")))
    return Lottery(panels, balls, root["best_minimum"], outside)


def dump_lottery(lottery: Lottery) -> bytes:
    """Write a lottery as `load_lottery` reads it; `fit_lottery` makes it say what its certificate proves.

    >>> load_lottery(dump_lottery(Lottery((("a",), ("b",)), {"a": 1, "b": 1}, 1, ()))).balls
    {'a': 1, 'b': 1}
    """
    return dump_json(
        {
            "format": LOTTERY_FORMAT,
            "number": len(lottery.panels),
            "panels": [list(panel) for panel in lottery.panels],
            "balls": dict(sorted(lottery.balls.items())),
            "minimum": lottery.minimum,
            "best_minimum": lottery.best_minimum,
            "outside": list(lottery.outside),
        }
    )


def fit_lottery(panels: Sequence[Sequence[str]], certificate: Mapping[str, Any]) -> Lottery:
    """Count the balls of a lottery and measure them by a certificate, exactly, without a solver.

    Raises ValueError where the certificate does not hold, or a panel breaks what was asked.
    """
    verification = verify(certificate)
    if not verification.is_valid:
        raise ValueError("; ".join(verification.failures))
    return measure_lottery(panels, certificate, verification)


def measure_lottery(
    panels: Sequence[Sequence[str]], certificate: Mapping[str, Any], verification: Verification
) -> Lottery:
    """Do what `fit_lottery` does, by a certificate that was verified.

    `best_minimum` is the floor of the number of panels times the proved bound on the smallest chance; `outside` are
    those who sit in fewer panels than the floor of that number times their chance, or in more than the ceiling.
    Raises ValueError, LookupError or TypeError where a panel breaks what was asked.
    """
    number, total = len(panels), certificate["total"]
    drawn = [{"members": members, "weight": 1} for members in panels]
    balls = add_panels({**certificate, "panels": drawn, "total": number})
    weights = add_panels(certificate)
    outside = sorted(
        name for name, count in balls.items() if abs(count * total - number * weights[name]) >= total
    )
    best = number * verification.bound.numerator // verification.bound.denominator
    return Lottery(
        tuple(tuple(members) for members in panels), dict(sorted(balls.items())), best, tuple(outside)
    )


class _Reader(Reader):
    """Reads the parts that several files share."""

    def read_bytes(self, item: Mapping[str, Any], key: str) -> bytes:
        """Give the 32 bytes of a text in lower-case hexadecimal."""
        try:
            read = bytes.fromhex(item[key])
        except ValueError:
            read = b""
        if len(read) != HASH_BYTES or read.hex() != item[key]:
            words = gettext_noop("“{key}” must be {count} hexadecimal digits, in lower case")
            raise self.refuse(Phrase(words, key=key, count=2 * HASH_BYTES))
        return read

    def read_texts(self, items: object, place: Phrase) -> tuple[str, ...]:
        """Give a list of texts."""
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise self.refuse(Phrase(gettext_noop("it must be a list of texts")), place)
        return tuple(items)

    def read_instant(self, item: Mapping[str, Any], key: str) -> datetime:
        """Give an instant, in UTC, to the second."""
        try:
            instant = datetime.fromisoformat(item[key]).astimezone(UTC)
        except (OverflowError, ValueError):
            raise self._refuse_instant(key) from None
        if format_instant(instant) != item[key]:
            raise self._refuse_instant(key)
        return instant

    def _refuse_instant(self, key: str) -> InvalidDocument:
        words = gettext_noop("“{key}” must be an instant like {example}")
        return self.refuse(Phrase(words, key=key, example="2027-01-02T03:04:05Z"))

    def read_commitment(self, item: object) -> Commitment:
        """Give a commitment, on its own or inside a draw."""
        place = Phrase(gettext_noop("the commitment"))
        parts = self.read(item, COMMITMENT_KINDS, place)
        if parts["format"] != commitments.FORMAT:
            raise self.refuse(
                Phrase(gettext_noop("“format” must be “{name}”"), name=commitments.FORMAT), place
            )
        weight = parts["total_weight"]
        if not (weight.isascii() and weight.isdigit() and len(weight) <= MOST_DIGITS and weight[0] != "0"):
            words = gettext_noop("“{key}” must be a whole number over 0, as a text")
            raise self.refuse(Phrase(words, key="total_weight"), place)
        source = self.read_source(parts["randomness"])
        try:
            commitments.check_source(source, int(weight))
        except InvalidRandomness as error:
            raise self.refuse(Phrase("{error}", error=error.params["detail"]), place) from error
        return Commitment(
            **{key: self.read_bytes(parts, key).hex() for key in ("root", "pool", "targets", "panels")},
            people=parts["people"],
            panel_count=parts["panel_count"],
            total_weight=int(weight),
            version=parts["version"],
            source=source,
            committed_at=self.read_instant(parts, "committed_at"),
        )

    def read_source(self, item: Mapping[str, Any]) -> Source:
        """Give the randomness that was announced."""
        place = Phrase(gettext_noop("the randomness"))
        if item.get("kind") == "drand":
            kinds: dict[str, type] = {"kind": str, "chain": str, "genesis": int, "period": int, "round": int}
            parts = self.read(item, kinds, place)
            return Round(parts["chain"], parts["genesis"], parts["period"], parts["round"])
        kinds = {"kind": str, "event": str, "announced_at": str, "faces": int, "throws": int}
        parts = self.read(item, kinds, place)
        if parts["kind"] != "digits":
            raise self.refuse(Phrase(gettext_noop("“kind” must be “digits” or “drand”")), place)
        announced_at = self.read_instant(parts, "announced_at")
        return Digits(parts["event"], announced_at, parts["faces"], parts["throws"])

    def read_outcome(self, item: Mapping[str, Any], source: Source) -> Outcome:
        """Give what fell, or what the beacon published."""
        place = Phrase(gettext_noop("the outcome"))
        if isinstance(source, Round):
            kinds: dict[str, type] = {"round": int, "signature": str, "previous_signature": str}
            parts = self.read(item, kinds, place, optional=("previous_signature",))
            if parts.get("previous_signature") == "":
                raise self.refuse(Phrase(gettext_noop("“{key}” is empty"), key="previous_signature"), place)
            return Beacon(parts["round"], parts["signature"], parts.get("previous_signature", ""))
        parts = self.read(item, {"series": list, "drawn_at": str}, place)
        if not all(
            isinstance(numbers, list) and all(type(number) is int for number in numbers)
            for numbers in parts["series"]
        ):
            raise self.refuse(Phrase(gettext_noop("“series” must be lists of whole numbers")), place)
        series = tuple(tuple(numbers) for numbers in parts["series"])
        return Thrown(series, self.read_instant(parts, "drawn_at"))
