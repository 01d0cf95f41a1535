"""What participants say of themselves: one answer a question, changed and taken back as they like."""

from collections.abc import Mapping

from django.db import transaction

from antigone.consultation.actions.voting import unknown_participant
from antigone.consultation.models import Consultation, ProfileAnswer, ProfileOption


def answer_profile(
    *, consultation: Consultation, participant_id: int, answers: Mapping[int, ProfileOption | None]
) -> None:
    """Keep what a participant says, by the row of each question; None takes an answer back."""
    with transaction.atomic():
        participant = consultation.participants.select_for_update().filter(pk=participant_id).first()
        if participant is None:
            raise unknown_participant()
        participant.profile.filter(question__in=answers).delete()
        ProfileAnswer.objects.bulk_create(
            ProfileAnswer(participant=participant, question_id=question, option=option)
            for question, option in answers.items()
            if option is not None and option.question_id == question
        )
