"""The draws of the demonstration: one that is public, signed and sits; one whose targets conflict."""

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from antigone.accounts.models import Person, Role
from antigone.core.sortition.commitments import Digits
from antigone.selection.actions.alternates import choose_alternates
from antigone.selection.actions.commit import seal_draw
from antigone.selection.actions.compute import run_computation, start_computation
from antigone.selection.actions.confirm import note_answer
from antigone.selection.actions.cosign import name_cosigners, sign_commitment
from antigone.selection.actions.draw import name_panel
from antigone.selection.actions.prepare import create_draw
from antigone.selection.actions.publish import publish_draw
from antigone.selection.actions.replace import seat_newcomer
from antigone.selection.models import Draw, Replacement, Seat
from antigone.selection.reading import Upload, read_files
from antigone.selection.replacing import Table, choose_newcomers

DIGITS = (4, 0, 7)


def load_demo_draws(*, folder: Path, by: Person) -> None:
    """Make the two draws from the files of a folder; done twice, it adds nothing."""
    if Draw.objects.filter(organisation=by.organisation_id).exists():
        return
    now = timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0)
    public = _create(
        folder,
        "targets.csv",
        40,
        "Convention citoyenne sur la ville la nuit",
        "Éclairage, bruit, transports, fêtes : à quelles règles la nuit de Valmont doit-elle obéir ? Quarante "
        "habitants tirés au sort en débattent pendant trois week-ends et remettent leurs propositions au conseil.",
        by,
    )
    _draw_in_public(public, now - timedelta(days=75), by)
    _create(
        folder,
        "targets-jury.csv",
        24,
        "Jury du budget participatif",
        "Vingt-quatre habitants classent les projets déposés.",
        by,
    )


def _create(folder: Path, targets: str, size: int, title: str, question: str, by: Person) -> Draw:
    loaded = read_files(
        pool=Upload("pool.csv", (folder / "pool.csv").read_bytes()),
        size=size,
        targets=Upload(targets, (folder / targets).read_bytes()),
        households=True,
    )
    return create_draw(title=title, question=question, loaded=loaded, by=by)


def _draw_in_public(draw: Draw, committed_at: datetime, by: Person) -> None:
    """Take the draw to its end, as if digits had been thrown the next day; prices are left to the background."""
    computation = start_computation(draw=draw, objective="leximin", lottery_size=1_000, time_limit=60, by=by)
    run_computation(computation.pk, with_prices=False)
    computation.refresh_from_db()
    guarantors = Person.objects.of_demo().filter(roles__role=Role.GUARANTOR)[:1]
    name_cosigners(draw=draw, people=guarantors, by=by)
    event = "dans la salle du conseil, devant la garante et le public"
    source = Digits(event, committed_at + timedelta(days=1), 10, len(DIGITS))
    commitment = seal_draw(draw, computation, source, by, committed_at)
    for guarantor in guarantors:
        sentence = "J’ai recompté le vivier et relu les cibles avec l’équipe."
        sign_commitment(draw, commitment.root, sentence, guarantor, committed_at + timedelta(hours=2))
    name_panel(draw, [DIGITS], by, source.announced_at + timedelta(minutes=12))
    publish_draw(draw=draw, by=by)
    draw.refresh_from_db()
    _answer_and_replace(draw, source.announced_at + timedelta(hours=1), by)


def _answer_and_replace(draw: Draw, at: datetime, by: Person) -> None:
    """Note what the first three said on the telephone, and call somebody to the seat of the one who declined."""
    choose_alternates(draw=draw, number=10, dropout=10, by=by)
    states = (Seat.State.CONFIRMED, Seat.State.CONFIRMED, Seat.State.DECLINED)
    for seat, state in zip(draw.seats.all(), states, strict=False):
        note_answer(seat, seat.holder_id, state, by, at)
    table, choice = Table.read(draw), choose_newcomers(draw)[-1]
    free, reason = draw.seats.vacant().get(), Replacement.Reason.DECLINED
    because = "Le panel doit continuer de ressembler à la ville : mieux vaut garder les cibles que l’ordre."
    seat_newcomer(free, choice, table, reason, because, by, at + timedelta(minutes=20))
