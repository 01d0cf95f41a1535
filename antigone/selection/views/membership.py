"""The proof for one respondent that they are in the pool which the draw was committed to."""

import json
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from antigone.core.sortition.commitments import is_member, prove_membership
from antigone.selection import rules
from antigone.selection.commitments import read_commitment
from antigone.selection.forms import MembershipForm
from antigone.selection.models import ComputedFile, Draw, Respondent
from antigone.selection.people import load_pool
from antigone.selection.results import open_file, read_panels
from antigone.selection.views.computing import download
from antigone.selection.views.people import get_readable_draw, person_of
from antigone.selection.wording import say_one_in, say_percent
from antigone.web.limits import refuse_flood


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Prove that somebody is in the pool: to everybody by pseudonym once the files are public, to the team before.

    Before the files are public, a pseudonym says nothing of anybody's values: only the team may ask.
    """
    draw = get_readable_draw(request, draw_id)
    can_follow = rules.can_follow(person_of(request), draw)
    is_public = draw.published_at is not None and draw.is_drawn
    if draw.is_prepared or not (is_public or can_follow):
        raise Http404
    form = MembershipForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"draw": draw, "form": form, "commitment": draw.commitment}
    if request.method == "POST" and form.is_valid():
        refuse_flood(request, "verify")
        found = _find(draw, form.cleaned_data["person"].strip(), can_follow=can_follow)
        if found is None:
            form.add_error("person", _("Nobody in this pool has this pseudonym."))
        else:
            proof = _prove(draw, found)
            if request.POST.get("action") == "download":
                data = json.dumps(proof["document"], ensure_ascii=False, indent=1).encode()
                return download(data, f"membership-{found.pseudonym}.json")
            context |= proof
    return render(request, "selection/membership.html", context, status=422 if form.errors else 200)


def _find(draw: Draw, name: str, *, can_follow: bool) -> Respondent | None:
    """Find somebody by pseudonym; for the team, by identifier too."""
    named = Q(pseudonym=name) | Q(identifier=name) if can_follow else Q(pseudonym=name)
    return draw.respondents.filter(named).first()


def _prove(draw: Draw, person: Respondent) -> dict[str, Any]:
    """Give the path from this person to the hash of the pool, and what the person's chance was."""
    computation, commitment = draw.commitment.computation, read_commitment(draw.commitment)
    proof = prove_membership(load_pool(draw), person.pseudonym, bytes(draw.commitment.secret))
    chance = open_file(computation, ComputedFile.Kind.CERTIFICATE)["probabilities"][person.pseudonym]
    panels = read_panels(computation) if computation.lottery_size else []
    return {
        "person": person,
        "is_member": is_member(commitment, proof),
        "chance": say_percent(chance, 2),
        "one_in": say_one_in(chance) if chance > 0 else _("can never be drawn"),
        "panels": len(panels),
        "holding": sum(person.pseudonym in panel.members for panel in panels),
        "document": {
            "root": commitment.root,
            "pool": commitment.pool,
            "people": commitment.people,
            "person": {
                "id": person.pseudonym,
                "features": proof.person.features,
                "household": proof.person.household,
            },
            "salt": proof.salt,
            "index": proof.index,
            "path": list(proof.path),
        },
    }
