"""Lines that hold together → the rows of a convention of the past. Called within one transaction.

Totals come back as totals: the values of criteria, grades and evaluations are dealt to rows so that the same totals are
counted again; which row got which says nothing of anybody.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import chain, repeat
from typing import Any

from django.db import models

from antigone.convention.models import (
    Convention,
    ConventionDocument,
    Grade,
    Member,
    OfficialAnswer,
    Survey,
    SurveyQuestion,
    SurveySheet,
)
from antigone.convention.opendata.schema import Table
from antigone.convention.opendata.tables import TABLES
from antigone.convention.opendata.unpacking import Line
from antigone.library.models import Document, Version

BATCH = 500


class Builder:
    """Makes the rows of every table, in their order, and remembers under which key each was named."""

    def __init__(self, convention: Convention, lines: Mapping[str, list[Line]], now: datetime) -> None:
        self.convention = convention
        self.lines = lines
        self.now = now
        self.made: dict[str, dict[Any, Any]] = {}
        self.left_out = 0

    def build(self) -> None:
        for table in TABLES:
            if not table.is_single and table.name not in _DEALT:
                self._build_table(table)
        for deal in _DEALT.values():
            deal(self)

    def _build_table(self, table: Table) -> None:
        assert table.model is not None
        has_convention = any(column.name == "convention" for column in table.model._meta.get_fields())
        rows: list[models.Model] = []
        for line in self.lines[table.name]:
            values = self._fill(table, line.values)
            if has_convention:
                values["convention"] = self.convention
            rows.append(table.model(**values, **table.adds(line.values, self.now)))
        if table.name == "members":
            name_members(rows)  # type: ignore[arg-type]
        made = table.model._base_manager.bulk_create(rows, batch_size=BATCH)
        if table.key:
            keys = (line.values[table.key] for line in self.lines[table.name])
            self.made[table.name] = dict(zip(keys, made, strict=True))

    def _fill(self, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
        filled = {}
        for column in table.fields:
            if column.target:
                value = values[column.name]
                filled[column.target] = self.made[column.refers].get(value) if column.refers else value
        return filled


def name_members(members: Iterable[Member]) -> None:
    """Keep a name that is long, or that two members have, beside a pseudonym of its own."""
    seen: set[str] = set()
    for member in members:
        name: str = member.shown_name
        if name in seen or len(name) > 60:
            member.published_name = name
            name = f"Membre {member.number}"
        member.pseudonym = name
        seen.add(name)


def deal_features(builder: Builder) -> None:
    sitting = list(Member.objects.filter(convention=builder.convention).sitting().order_by("number"))
    values: dict[str, list[str]] = {}
    for line in builder.lines["features"]:
        values.setdefault(line.values["feature"], []).extend(
            repeat(line.values["value"], line.values["members"])
        )
    for feature, dealt in values.items():
        for member, value in zip(sitting, dealt, strict=False):
            member.features[feature] = value
    Member.objects.bulk_update(sitting, ["features"], batch_size=BATCH)


def deal_grades(builder: Builder) -> None:
    members = list(Member.objects.filter(convention=builder.convention).order_by("number"))
    answers: dict[Any, OfficialAnswer] = builder.made["answers"]
    Grade.objects.bulk_create(
        Grade(answer=answers[line.values["answer"]], member=member, level=level, given_at=builder.now)
        for line in builder.lines["grades"]
        for member, level in zip(members, _list_levels(line.values["counts"]), strict=False)
    )


def build_survey_questions(builder: Builder) -> None:
    surveys: dict[Any, Survey] = builder.made["surveys"]
    sheets: dict[int, list[dict[str, int]]] = {}
    for line in builder.lines["survey_questions"]:
        survey = surveys[line.values["survey"]]
        question = SurveyQuestion.objects.create(
            survey=survey,
            position=line.values["position"],
            text=line.values["text"],
            kind=line.values["kind"],
        )
        filled = sheets.setdefault(survey.pk, [])
        for index, level in enumerate(_list_levels(line.values["counts"])):
            if index == len(filled):
                filled.append({})
            filled[index][str(question.pk)] = level
    SurveySheet.objects.bulk_create(
        SurveySheet(survey_id=survey, answers=answers)
        for survey, filled in sheets.items()
        for answers in filled
    )


def find_documents(builder: Builder) -> None:
    """Give the convention the documents that this library has and everybody may open; count the others."""
    wanted = {line.values["sha256"] for line in builder.lines["documents"]}
    public = Document.objects.current().readable_by(None)
    versions = Version.objects.filter(sha256__in=wanted, document__in=public).order_by("document_id")
    known = {version.sha256: version.document_id for version in versions}
    taken: set[int] = set()
    for position, line in enumerate(builder.lines["documents"]):
        document = known.get(line.values["sha256"])
        if document is None or document in taken:
            builder.left_out += 1
            continue
        taken.add(document)
        ConventionDocument.objects.create(
            convention=builder.convention,
            session=builder.made["sessions"].get(line.values["session"]),
            document_id=document,
            position=position,
            added_at=line.values["added_at"],
        )


def _list_levels(counts: list[int]) -> Iterable[int]:
    return chain.from_iterable(repeat(level, count) for level, count in enumerate(counts, 1))


# Tables whose lines are not rows, and what is made of them once the others are there.
_DEALT: dict[str, Callable[[Builder], None]] = {
    "features": deal_features,
    "grades": deal_grades,
    "survey_questions": build_survey_questions,
    "documents": find_documents,
}
