"""The demonstration of the gateway: what an invented company declared, and used in a month."""

import hashlib
import math
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from antigone.accounts.models import Person
from antigone.core.energy import estimate
from antigone.gateway.models import HourlyUsage, Key, Limit
from antigone.register.actions import ensure_assistant_use
from antigone.register.models import Use

DAYS = 30
# Name, purpose, audience, state.
USES = [
    (
        "resumes-de-comptes-rendus",
        "Résumés de comptes rendus",
        "Résumer les comptes rendus publics du conseil municipal pour les abonnés d’une lettre d’information. "
        "Un rédacteur relit chaque résumé avant l’envoi.",
        Use.Audience.PUBLIC,
        Use.State.ACTIVE,
    ),
    (
        "classement-des-demandes",
        "Classement des demandes",
        "Proposer un service destinataire pour chaque demande reçue par le standard ; un agent décide.",
        Use.Audience.ORGANISATION,
        Use.State.DECLARED,
    ),
]
LIMITS = {
    Limit.Measure.REQUESTS_MINUTE: 120,
    Limit.Measure.TOKENS_DAY: 2_000_000,
    Limit.Measure.ENERGY_MONTH: 5_000,
}


@transaction.atomic
def load_demo_gateway(*, by: Person, now: datetime) -> None:
    """Make the uses, limits, a key and a month of what `by`'s company used; done twice, it adds nothing.

    Nobody knows the secret of the key: it stands there to be seen, and revoked.
    """
    ensure_assistant_use()
    assert by.organisation is not None
    if Use.objects.filter(organisation=by.organisation).exists():
        return
    for slug, name, purpose, audience, state in USES:
        Use.objects.create(
            slug=slug,
            name=name,
            purpose=purpose,
            audience=audience,
            state=state,
            organisation=by.organisation,
            declared_by=by,
            decided_at=now - timedelta(days=DAYS) if state == Use.State.ACTIVE else None,
        )
    use = Use.objects.get(slug=USES[0][0])
    secret = secrets.token_urlsafe(32)
    key = Key.objects.create(
        use=use,
        person=by,
        name="Serveur de la lettre",
        prefix="antigone_" + secret[:5],
        secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
        endpoints=["chat", "embeddings"],
        expires_at=now + timedelta(days=150),
    )
    for measure, amount in LIMITS.items():
        Limit.objects.create(use=use, measure=measure, amount=amount)
    HourlyUsage.objects.bulk_create(_make_hours(use, key, now))


def _make_hours(use: Use, key: Key, now: datetime) -> list[HourlyUsage]:
    """Make a month of working days, busier in the middle of the week, always the same."""
    hours = []
    last = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    for number in range(DAYS * 24):
        hour = last - timedelta(hours=number)
        if hour.weekday() >= 5 or not 7 <= hour.hour < 19:
            continue
        requests = 4 + round(9 * math.sin((hour.hour - 6) / 13 * math.pi)) + 3 * (2 - abs(2 - hour.weekday()))
        output = requests * (180 + 7 * (hour.day % 9))
        found = estimate(active_parameters=24, total_parameters=24, output_tokens=output, seconds=1e9)
        hours.append(
            HourlyUsage(
                hour=hour,
                organisation_id=use.organisation_id,
                organisation_name=use.organisation.name,
                use_id=use.pk,
                use_name=use.name,
                key_id=key.pk,
                key_name=key.name,
                endpoint="chat",
                model="mistral-small-3.2",
                method="estimated",
                requests=requests,
                refused=1 if hour.hour == 11 and hour.weekday() == 2 else 0,
                prompt_tokens=requests * 1_150,
                output_tokens=output,
                total_ms=requests * 2_400,
                energy_wh=found.energy_wh,
                carbon_g=found.carbon_g,
            )
        )
    return hours
