"""Begin a draw from its files, edit its targets, give it up."""

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.checks import check_targets
from antigone.errors import NotAllowed, NotPossible
from antigone.selection import rules
from antigone.selection.actions.rights import lock_prepared, require_facilitator
from antigone.selection.models import Computation, Draw, Respondent, Target
from antigone.selection.people import make_targets
from antigone.selection.reading import Loaded
from antigone.selection.wording import translating_errors

ROWS_AT_ONCE = 2_000


def create_draw(*, title: str, question: str, loaded: Loaded, by: Person) -> Draw:
    """Save a draw with its respondents under pseudonyms drawn by lot, and its targets."""
    if not rules.can_create(by) or by.organisation is None:
        raise NotAllowed(
            "draws_not_created", gettext_noop("Only a facilitator with an organisation may begin a draw.")
        )
    with transaction.atomic():
        draw = Draw.objects.create(
            organisation=by.organisation,
            title=title,
            question=question,
            size=loaded.targets.size,
            households=loaded.households,
            tolerance=loaded.tolerance,
            people=len(loaded.pool.people),
            identifier_column=loaded.columns.identifier[:200],
            address_columns=", ".join(loaded.columns.addresses)[:500],
            saved_by=by,
        )
        Target.objects.bulk_create(_make_targets(draw, loaded))
        Respondent.objects.bulk_create(_make_respondents(draw, loaded), batch_size=ROWS_AT_ONCE)
    return draw


def save_targets(*, draw: Draw, size: int, targets: Sequence[Target], version: int, by: Person) -> Draw:
    """Replace the seats and the bounds; refused where somebody saved since `version` was read.

    `targets` are rows of this draw with their new bounds; all are to be given.
    """
    require_facilitator(by, draw)
    with translating_errors():
        check_targets(make_targets(size, targets))
    with transaction.atomic():
        locked = lock_prepared(draw)
        if locked.version != version:
            raise NotPossible(
                "targets_saved_since",
                gettext_noop(
                    "%(name)s saved other targets while you were editing. Look at them, then save yours again."
                ),
                name=locked.saved_by.name if locked.saved_by else "?",
            )
        locked.size, locked.version, locked.saved_by = size, version + 1, by
        locked.save(update_fields=["size", "version", "saved_by"])
        Target.objects.bulk_update(targets, ["min", "max"])
    return locked


def delete_draw(*, draw: Draw, by: Person) -> None:
    """Erase a draw that nothing was committed to, with its respondents."""
    require_facilitator(by, draw)
    with transaction.atomic():
        locked = lock_prepared(draw)
        if locked.refused_commitments.exists():
            raise NotPossible(
                "draw_was_refused",
                gettext_noop("A commitment of this draw was refused in public: it stays to be read."),
            )
        Computation.objects.unfinished().filter(draw=locked).update(state=Computation.State.CANCELLED)
        locked.delete()


def _make_targets(draw: Draw, loaded: Loaded) -> list[Target]:
    people = loaded.count_people()
    rows = []
    for position, target in enumerate(loaded.targets.targets, 1):
        pair = (target.feature, target.value)
        lowest, highest = loaded.flexibility.get(pair, (None, None))
        rows.append(
            Target(
                draw=draw,
                position=position,
                feature=target.feature,
                value=target.value,
                min=target.min,
                max=target.max,
                lowest=lowest,
                highest=None if highest is None or highest > loaded.targets.size else highest,
                share=loaded.shares.get(pair, "")[:50],
                people=people[pair],
            )
        )
    return rows


def _make_respondents(draw: Draw, loaded: Loaded) -> list[Respondent]:
    """Name people and households by lot, so that a pseudonym says nothing of the file."""
    names = _draw_names("r", len(loaded.pool.people))
    homes = sorted({person.household for person in loaded.pool.people if person.household})
    home_names = dict(zip(homes, _draw_names("h", len(homes)), strict=True))
    return [
        Respondent(
            draw=draw,
            identifier=person.id,
            pseudonym=name,
            household=home_names.get(person.household, ""),
            features=dict(person.features),
        )
        for person, name in zip(loaded.pool.people, names, strict=True)
    ]


def _draw_names(letter: str, count: int) -> list[str]:
    width = max(4, len(str(count)))
    names = [f"{letter}{number:0{width}}" for number in range(1, count + 1)]
    secrets.SystemRandom().shuffle(names)
    return names
