"""The members' own words, as they were written; the themes under which they are put."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.drafting import clean_text, hold_deliberation, next_number, require_own
from antigone.convention.actions.rights import lock_convention, require_facilitator, require_member
from antigone.convention.models import Contribution, Convention, Member, Phase, Session, Theme
from antigone.errors import NotPossible, WrongInput

CONTRIBUTION_LENGTH = 2_000
MOST_AT_ONCE = 2_000
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, under which theme, and who, where it is known."""

    text: str
    theme: Theme | None = None
    member: Member | None = None


@transaction.atomic
def contribute(
    *, convention: Convention, text: str, by: Person, theme: Theme | None = None, is_named: bool = True
) -> Contribution:
    """Save what the member that `by` is has written, under their name in public or under none."""
    held = hold_deliberation(convention)
    member = require_member(by, held)
    (saved,) = _save(held, [Words(text, theme, member if is_named else None)], None)
    return saved


@transaction.atomic
def add_contributions(
    *, convention: Convention, words: Sequence[Words], by: Person, session: Session | None = None
) -> list[Contribution]:
    """Copy out what members wrote on paper: all of it, or nothing where one of them cannot be taken."""
    require_facilitator(by, convention)
    held = hold_deliberation(convention)
    if not words:
        raise WrongInput("no_contribution", gettext_noop("There is no contribution here. Write one a line."))
    if len(words) > MOST_AT_ONCE:
        raise WrongInput(
            "too_many_contributions",
            gettext_noop("These are %(count)s contributions; add at most %(most)s at once."),
            count=len(words),
            most=MOST_AT_ONCE,
        )
    require_own(held, [session])
    return _save(held, words, session)


@transaction.atomic
def classify_contributions(
    *, convention: Convention, contributions: Sequence[Contribution], theme: Theme | None, by: Person
) -> None:
    """Put contributions under a theme, or under none: their words stay as they are."""
    require_facilitator(by, convention)
    held = hold_deliberation(convention)
    require_own(held, [theme, *contributions])
    held.contributions.filter(pk__in=[each.pk for each in contributions]).update(theme=theme)


@transaction.atomic
def save_theme(*, convention: Convention, title: str, by: Person, theme: Theme | None = None) -> Theme:
    """Add a theme at the end, or give another title to one."""
    require_facilitator(by, convention)
    held = lock_convention(convention, Phase.PREPARATION, Phase.SELECTION, Phase.DELIBERATION)
    title = clean_text(title, TITLE_LENGTH)
    others = held.themes.exclude(pk=theme.pk) if theme is not None else held.themes.all()
    if others.filter(title__iexact=title).exists():
        raise WrongInput(
            "theme_taken",
            gettext_noop("There is already a theme “%(title)s”. Choose another title."),
            title=title,
        )
    if theme is None:
        last = held.themes.aggregate(last=Max("position"))["last"]
        return Theme.objects.create(convention=held, title=title, position=next_number([last]))
    require_own(held, [theme])
    theme.title = title
    theme.save(update_fields=["title"])
    return theme


@transaction.atomic
def order_themes(*, convention: Convention, themes: Sequence[Theme], by: Person) -> None:
    """Put the themes in another order; all are to be given."""
    require_facilitator(by, convention)
    held = hold_deliberation(convention)
    if sorted(theme.pk for theme in themes) != sorted(held.themes.values_list("pk", flat=True)):
        raise NotPossible(
            "themes_changed",
            gettext_noop("The themes have changed meanwhile. Look at them, then order them again."),
        )
    for position, theme in enumerate(themes, 1):
        theme.position = position
    Theme.objects.bulk_update(themes, ["position"])


@transaction.atomic
def delete_theme(*, theme: Theme, by: Person) -> None:
    """Take away a theme that has no proposal; its contributions are then under none."""
    require_facilitator(by, theme.convention)
    held = hold_deliberation(theme.convention)
    if theme.proposals.exists():
        raise NotPossible(
            "theme_has_proposals",
            gettext_noop("The theme “%(title)s” has proposals. Move them to another theme first."),
            title=theme.title,
        )
    held.themes.filter(pk=theme.pk).delete()


def _save(convention: Convention, words: Sequence[Words], session: Session | None) -> list[Contribution]:
    require_own(convention, [thing for each in words for thing in (each.theme, each.member)])
    first = next_number([convention.contributions.aggregate(last=Max("number"))["last"]])
    now = timezone.now()
    # The instant of what bears no name would say whose it is, beside what the same person wrote a moment before.
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Contribution.objects.bulk_create(
        Contribution(
            convention=convention,
            number=number,
            session=session,
            theme=each.theme,
            member=each.member,
            text=clean_text(each.text, CONTRIBUTION_LENGTH),
            written_at=now if each.member is not None else day,
        )
        for number, each in enumerate(words, first)
    )
