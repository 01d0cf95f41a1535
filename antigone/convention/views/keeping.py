"""All that is kept about one member, for that member."""

from typing import Any

from antigone.convention.models import Grade, Judgment, Member


def list_all_kept(member: Member) -> dict[str, Any]:
    """Gather everything that the room keeps of a member, in plain values; instants are in UTC."""
    identity = member.identity
    return {
        "convention": member.convention.title,
        "seat": member.number,
        "name_in_public": member.pseudonym,
        "published_name": member.published_name,
        "features": member.features,
        "joined_at": member.joined_at,
        "left_at": member.left_at,
        "identity": {
            "name": identity.name,
            "identifier": identity.identifier,
            "contact": identity.contact,
            "needs": identity.needs,
        },
        "consents": list(member.consents.values("is_given", "said_at")),
        "payments": list(member.payments.values("kind", "label", "amount", "owed_at", "paid_at")),
        "notes": list(member.notes.values("text", "saved_at")),
        "attendance": list(member.attendances.values("session__title", "state")),
        "groups": list(member.small_groups.values("round__session__title", "round__number", "number")),
        "questions": list(member.questions.values("number", "text", "state", "asked_at")),
        "contributions": list(member.contributions.values("number", "text", "written_at")),
        "amendments": list(
            member.amendments.values("paragraph", "text", "reason", "proposed_at", "state", "decision")
        ),
        "judgments": list(
            Judgment.objects.filter(member=member).values("ballot__number", "level", "given_at")
        ),
        "minority_opinions_signed": list(member.signed_opinions.values("number", "title")),
        "grades_of_answers": list(Grade.objects.filter(member=member).values("answer", "level")),
    }
