"""The files of one draw, known by their `format`, whatever their names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from antigone.core.sortition import certificate, commitments, documents, public_draw, published
from antigone.core.sortition.certificate import Verification, verify
from antigone.core.sortition.commitments import Commitment
from antigone.core.sortition.documents import Reader, parse_json
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.lottery import Lottery
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Pool, Targets
from antigone.core.sortition.public_draw import PublicDraw
from antigone.core.sortition.published import Secret


@dataclass(slots=True)
class Bundle:
    """What the files hold; None where there is no such file, or it cannot be read.

    `asked` are pool and targets of the certificate, `weighted` its panels; `opened` is the secret inside the draw.
    """

    data: Any = None
    verification: Verification | None = None
    asked: tuple[Pool, Targets] | None = None
    weighted: list[WeightedPanel] | None = None
    pool: Pool | None = None
    targets: Targets | None = None
    lottery: Lottery | None = None
    commitment: Commitment | None = None
    secret: Secret | None = None
    draw: PublicDraw | None = None
    opened: bytes | None = None
    seen: list[str] = field(default_factory=list)

    def add(self, file: str, data: bytes) -> None:
        """Read one file by its format; raise a SortitionError that says why it cannot be used."""
        try:
            root = parse_json(data)
        except (ValueError, RecursionError):
            root = None
        name = root.get("format") if isinstance(root, dict) else None
        load = _LOADERS.get(name) if isinstance(name, str) else None
        reader = Reader(data, file, str(name) if load else "antigone-…")
        if load is None or name in self.seen:
            raise reader.refuse(Phrase(gettext_noop("another file has the same format")))
        self.seen.append(reader.name)
        load(self, file, data)

    def load_certificate(self, file: str, data: bytes) -> None:
        reader = Reader(data, file, certificate.FORMAT)
        self.data, self.verification = reader.root, verify(reader.root)
        kinds = {"size": int, "people": list, "targets": list, "panels": list}
        root = reader.read({key: reader.root.get(key) for key in kinds}, kinds)
        targets = Targets(root["size"], reader.read_targets(root["targets"]))
        self.asked = Pool(reader.read_people(root["people"])), targets
        self.weighted = []
        for number, item in enumerate(root["panels"]):
            place = Phrase(gettext_noop("panel {number}"), number=number)
            panel = reader.read(item, {"members": list, "weight": int}, place)
            if not all(isinstance(member, str) for member in panel["members"]):
                raise reader.refuse(Phrase(gettext_noop("it must be a list of texts")), place)
            self.weighted.append(WeightedPanel(tuple(panel["members"]), panel["weight"]))

    def load_pool(self, file: str, data: bytes) -> None:
        reader = Reader(data, file, documents.POOL_FORMAT)
        root = reader.read(reader.root, {"format": str, "people": list})
        self.pool = Pool(reader.read_people(root["people"]))

    def load_targets(self, file: str, data: bytes) -> None:
        self.targets = documents.load_targets(data, file=file)

    def load_lottery(self, file: str, data: bytes) -> None:
        self.lottery = published.load_lottery(data, file=file)

    def load_commitment(self, file: str, data: bytes) -> None:
        self.commitment = published.load_commitment(data, file=file)

    def load_secret(self, file: str, data: bytes) -> None:
        self.secret = published.load_secret(data, file=file)

    def load_draw(self, file: str, data: bytes) -> None:
        self.draw, self.opened = published.load_public_draw(data, file=file)

    @property
    def certified(self) -> Verification | None:
        """What the certificate proves, if it holds."""
        return self.verification if self.verification and self.verification.is_valid and self.asked else None

    @property
    def bound_by(self) -> Commitment | None:
        """The commitment, from its own file or from the draw."""
        return self.commitment or (self.draw.commitment if self.draw else None)

    @property
    def key(self) -> bytes | None:
        """The secret, from its own file or from the draw."""
        return self.secret.secret if self.secret else self.opened

    @property
    def panels(self) -> list[WeightedPanel] | None:
        """The panels among which the draw chose: those of the lottery, or those of the certificate."""
        drawn = [WeightedPanel(panel, 1) for panel in self.lottery.panels] if self.lottery else None
        commitment = self.bound_by
        if commitment is None:
            return drawn or self.weighted
        for panels in (drawn, self.weighted):
            if panels is not None and fits(panels, commitment):
                return panels
        return drawn if commitment.panel_count == commitment.total_weight else self.weighted


def fits(panels: Sequence[WeightedPanel], commitment: Commitment) -> bool:
    """Tell whether there are as many panels, and as many tickets, as were committed to."""
    total = sum(panel.weight for panel in panels)
    return (len(panels), total) == (commitment.panel_count, commitment.total_weight)


_LOADERS = {
    certificate.FORMAT: Bundle.load_certificate,
    documents.POOL_FORMAT: Bundle.load_pool,
    documents.TARGETS_FORMAT: Bundle.load_targets,
    published.LOTTERY_FORMAT: Bundle.load_lottery,
    commitments.FORMAT: Bundle.load_commitment,
    published.SECRET_FORMAT: Bundle.load_secret,
    public_draw.FORMAT: Bundle.load_draw,
}
