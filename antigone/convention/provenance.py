"""Where each paragraph of a convention comes from, and what became of each contribution, in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.urls import reverse

from antigone.consultation.models import Statement
from antigone.consultation.rules import Citation
from antigone.convention.models import (
    Contribution,
    Convention,
    Descent,
    ExpertAnswer,
    Origin,
    Paragraph,
    ParagraphVersion,
    Proposal,
)
from antigone.core.deliberation.provenance import Ancestry

Kind = Literal["contribution", "answer", "statement", "cited"]


@dataclass(frozen=True, slots=True)
class Source:
    """An origin in its very words; `number` is that of the contribution, of the question answered or of the statement.

    Of a statement of a consultation held here, `detail` is the title of the consultation, `figures` what its votes said
    when it was cited, `address` its page; the words and the page are not there any more where it was taken out.
    """

    kind: Kind
    key: int | str
    number: int
    text: str
    # Who said it, or where it can be read.
    detail: str
    at: datetime | None
    address: str = ""
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> int:
        """The group-aware consensus of a statement when it was cited, of 100."""
        return round(100 * (self.figures.get("group_aware_consensus") or 0))

    @classmethod
    def of(cls, origin: Origin) -> "Source":
        """Describe an origin that came with its contribution and its expert's answer."""
        if origin.contribution is not None:
            said = origin.contribution
            name = said.member.shown_name if said.member else ""
            return cls("contribution", said.pk, said.number, said.text, name, said.written_at)
        if origin.expert_answer is not None:
            answer = origin.expert_answer
            heard = answer.question.hearing
            # Before its hearing is published, nobody outside the team knows who was asked.
            expert = heard.expert_name if heard and heard.is_published else ""
            return cls("answer", answer.pk, answer.question.number, answer.text, expert, answer.answered_at)
        if origin.cited is not None:
            return cls._of_cited(origin, origin.cited)
        key = f"{origin.statement}\n{origin.statement_source}"
        return cls("statement", key, 0, origin.statement, origin.statement_source, None)

    @classmethod
    def _of_cited(cls, origin: Origin, cited: Statement) -> "Source":
        consultation = cited.consultation
        page = reverse("consultation:statement", args=[consultation.slug, cited.number])
        address = page if cited.is_quotable else ""
        return cls(
            "cited", cited.pk, cited.number, origin.words, consultation.title, None, address, origin.figures
        )


SourceKey = tuple[Kind, int | str]


class Provenance:
    """The descents and the origins of a convention, to be followed in both directions.

    The words of the origins are read by those who show them (`read_sources`): counting does without.
    """

    def __init__(self, convention: Convention) -> None:
        versions = ParagraphVersion.objects.filter(paragraph__proposal__convention=convention)
        rows = list(versions.order_by("pk").values_list("pk", "paragraph_id", "number"))
        self._paragraphs = {pk: paragraph for pk, paragraph, _ in rows}
        self._versions = {(paragraph, number): pk for pk, paragraph, number in rows}
        descents = Descent.objects.filter(child__paragraph__proposal__convention=convention)
        self._keys: dict[SourceKey, int] = {}
        self.ancestry: Ancestry[int, SourceKey] = Ancestry(
            descents.values_list("parent_id", "child_id"), self._read_origins(convention)
        )

    def _read_origins(self, convention: Convention) -> Iterable[tuple[int, SourceKey]]:
        origins = Origin.objects.filter(version__paragraph__proposal__convention=convention)
        rows = origins.values_list(
            "pk",
            "version_id",
            "contribution_id",
            "expert_answer_id",
            "cited_id",
            "statement",
            "statement_source",
        )
        for pk, version, contribution, answer, cited, statement, source in rows:
            key: SourceKey
            if contribution is not None:
                key = ("contribution", contribution)
            elif answer is not None:
                key = ("answer", answer)
            elif cited is not None:
                key = ("cited", cited)
            else:
                key = ("statement", f"{statement}\n{source}")
            self._keys.setdefault(key, pk)
            yield version, key

    def keys_of(self, paragraph: Paragraph) -> tuple[SourceKey, ...]:
        """Give what the latest version of a paragraph comes from, the nearest first."""
        pk = self._versions.get((paragraph.pk, paragraph.version))
        return self.ancestry.origins_of(pk) if pk is not None else ()

    def count_sources(self, versions: Iterable[tuple[int, int]]) -> int:
        """Count the origins of some versions, each a paragraph's key and a number; those they share once."""
        pks = [self._versions[version] for version in versions if version in self._versions]
        return len({key for pk in pks for key in self.ancestry.origins_of(pk)})

    def read_sources(self, keys: Iterable[SourceKey]) -> dict[SourceKey, Source]:
        """Read origins in their very words: one query, two with names."""
        wanted = {self._keys[key]: key for key in keys}
        origins = Origin.objects.filter(pk__in=wanted).select_related(
            "contribution__member", "expert_answer__question__hearing", "cited__consultation"
        )
        return {wanted[origin.pk]: Source.of(origin) for origin in origins}

    def follow(self, source: Contribution | ExpertAnswer) -> tuple[list[int], list[int]]:
        """Give the versions that come from a contribution or an answer, and the paragraphs where they end."""
        key: SourceKey = ("contribution" if isinstance(source, Contribution) else "answer", source.pk)
        versions = self.ancestry.versions_from(key)
        ends = dict.fromkeys(self._paragraphs[pk] for pk in self.ancestry.current_from(key))
        return list(versions), list(ends)

    def lineage(self, paragraph: Paragraph) -> tuple[int, ...]:
        """Give the versions from which a paragraph comes, its own first."""
        pk = self._versions.get((paragraph.pk, paragraph.version))
        return self.ancestry.lineage(pk) if pk is not None else ()

    def descendants(self, paragraph: Paragraph) -> list[int]:
        """Give the paragraphs that were made straight from this one, when it was merged, split or moved."""
        pk = self._versions.get((paragraph.pk, paragraph.version))
        children = self.ancestry.children(pk) if pk is not None else ()
        return list(dict.fromkeys(self._paragraphs[child] for child in children))


def list_citing_proposals(statement: Statement) -> list[Citation]:
    """Give the proposals of public conventions of which a version takes from a statement, those set aside left out."""
    paragraphs = Origin.objects.filter(cited=statement).values("version__paragraph")
    proposals = (
        Proposal.objects.filter(
            paragraphs__in=paragraphs, convention__in=Convention.objects.public().values("pk")
        )
        .exclude(state=Proposal.State.SET_ASIDE)
        .select_related("convention")
        .order_by("convention", "number")
        .distinct()
    )
    return [
        Citation(
            f"{one} ({one.convention.title})",
            reverse("convention:proposal", args=[one.convention.slug, one.number]),
        )
        for one in proposals
    ]
