"""What a convention publishes outside its own tables is recorded with its address."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.checklist import RECORDED
from antigone.convention.models import Convention, Phase, Publication
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def record_publication(*, convention: Convention, kind: str, address: str, by: Person) -> Publication:
    """Record where something is published; a second time, its address is mended and its date kept."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *(phase for phase in Phase.values if phase != Phase.CLOSED))
    if kind not in RECORDED:
        raise NotPossible(
            "publication_is_a_fact",
            gettext_noop(
                "This is not recorded by hand: it is public once the convention's own pages show it."
            ),
        )
    publication, _new = Publication.objects.update_or_create(
        convention=locked,
        kind=kind,
        defaults={"address": _check_address(address), "published_by": by},
        create_defaults={
            "address": _check_address(address), "published_by": by, "published_at": timezone.now(),
        },
    )  # fmt: skip
    return publication


def _check_address(address: str) -> str:
    """Return a path of this site or the address of a page elsewhere; refuse what a browser would run."""
    address = address.strip()
    parts = urlsplit(address)
    is_here = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_elsewhere = parts.scheme in ("http", "https") and bool(parts.netloc)
    if not (is_here or is_elsewhere) or len(address) > 500 or not address.isprintable() or " " in address:
        raise WrongInput(
            "address_refused",
            gettext_noop("Give the address of a page: it begins with https://, or with / on this site."),
        )
    return address
