"""From replies to the draw of the panel: those who said yes become the pool."""

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition import Pool, targets_from_proportions
from antigone.core.sortition.checks import check_pool
from antigone.core.sortition.pool import Person as Respondent
from antigone.errors import NotPossible
from antigone.selection.actions.prepare import create_draw
from antigone.selection.actions.recruitment.rights import lock_recruitment, require_leader
from antigone.selection.models import Draw, Recruitment, Reply, list_shares
from antigone.selection.reading import Columns, Loaded
from antigone.selection.wording import translating_errors

COLUMNS = Columns("number", ("household",))


def create_draw_from_replies(
    *,
    recruitment: Recruitment,
    size: int,
    by: Person,
    title: str = "",
    question: str = "",
    tolerance: int = 0,
    households: bool = False,
    only_free: bool = False,
) -> Draw:
    """Begin a draw among the replies, with targets from the census shares; known by the numbers of the invitations.

    With `only_free`, those who cannot come at one of the dates are left out.
    """
    require_leader(by, recruitment)
    with transaction.atomic():
        locked = lock_recruitment(recruitment, Recruitment.State.DRAWN)
        shares = list_shares(locked)
        replies = Reply.objects.filter(invitation__recruitment=locked).select_related("invitation__contact")
        people = tuple(
            Respondent(str(reply.invitation.number), dict(reply.features), _get_home(reply))
            for reply in replies.order_by("invitation__number")
            if not (only_free and reply.unavailable)
        )
        if not people:
            raise NotPossible(
                "no_replies", gettext_noop("Nobody has said yes so far: there is nobody to draw among.")
            )
        with translating_errors():
            targets = targets_from_proportions(shares, size, tolerance=f"{tolerance}/100")
            check_pool(Pool(people), targets, households=households)
        said = {
            (feature, value): share for feature, values in shares.items() for value, share in values.items()
        }
        loaded = Loaded(Pool(people), targets, households, COLUMNS, {}, said, tolerance)
        draw = create_draw(
            title=title or locked.title, question=question or locked.purpose, loaded=loaded, by=by
        )
        locked.draw = draw
        locked.save(update_fields=["draw"])
    return draw


def _get_home(reply: Reply) -> str:
    return reply.invitation.contact.household if reply.invitation.contact else ""
