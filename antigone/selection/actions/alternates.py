"""Choose whom to call when members drop out."""

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core import sortition
from antigone.errors import NotPossible
from antigone.selection.actions.rights import lock_stage, require_facilitator
from antigone.selection.models import Alternate, Draw, Respondent
from antigone.selection.people import load_pool, load_targets
from antigone.selection.wording import translating_errors


def choose_alternates(*, draw: Draw, number: int, dropout: int, by: Person) -> None:
    """Choose `number` alternates, once, for members of whom `dropout` per cent are expected to drop out.

    Chance among people alike is that of the lot (its seal), so that nobody here chooses.
    """
    require_facilitator(by, draw)
    if not draw.is_drawn:
        raise NotPossible("not_drawn", gettext_noop("There is no panel yet. Draw the lot first."))
    with translating_errors():
        chosen = sortition.choose_alternates(
            load_pool(draw),
            load_targets(draw),
            [seat.respondent.pseudonym for seat in draw.seats.select_related("respondent")],
            number,
            dropout=dropout / 100,
            households=draw.households,
            seed=int(draw.outcome.seal[:15], 16),
        )
    with transaction.atomic():
        locked = lock_stage(draw, Draw.Stage.DRAWN)
        if locked.alternates.exists():
            raise NotPossible(
                "alternates_chosen", gettext_noop("The alternates of this panel are chosen already.")
            )
        names = [alternate.id for alternate in chosen.alternates]
        people = dict(
            Respondent.objects.filter(draw=locked, pseudonym__in=names).values_list("pseudonym", "pk")
        )
        Alternate.objects.bulk_create(
            [
                Alternate(
                    draw=locked,
                    number=place,
                    respondent_id=people[alternate.id],
                    share=alternate.share,
                    saves=[list(pair) for pair in alternate.saves],
                )
                for place, alternate in enumerate(chosen.alternates, 1)
            ]
        )
