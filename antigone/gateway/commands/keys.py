"""`antigone key`: keys on the terminal, for those who run the machine."""

from datetime import timedelta

import click
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.errors import NotFound
from antigone.gateway import actions
from antigone.gateway.models import Key
from antigone.register.models import Use


@click.group()
def key() -> None:
    """Make, list and revoke keys to the models."""


@key.command("create")
@click.argument("use")
@click.option(
    "--for", "email", required=True, metavar="EMAIL", help="Who holds it: a developer of its organisation."
)
@click.option("--name", default="", help="To recognise it by; the use’s own name otherwise.")
@click.option(
    "--days", default=180, show_default=True, type=click.IntRange(1, 366), help="How long it lives."
)
@click.option("--model", "models", multiple=True, help="Only for this model; may be repeated.")
@click.option("--endpoint", "endpoints", multiple=True, help="Only for this endpoint; may be repeated.")
@click.option("--network", "networks", multiple=True, help="Only from this network; may be repeated.")
def create(
    use: str,
    email: str,
    name: str,
    days: int,
    models: tuple[str, ...],
    endpoints: tuple[str, ...],
    networks: tuple[str, ...],
) -> None:
    """Make a key for USE (its short name in the register) and print it, this once."""
    found = Use.objects.filter(slug=use).first()
    person = Person.objects.filter(email=email.lower()).first()
    if found is None:
        raise NotFound("use_unknown", "There is no use “%(use)s” in the register.", use=use)
    if person is None:
        raise NotFound("person_unknown", "There is no person with the address “%(email)s”.", email=email)
    now = timezone.now()
    _key, secret = actions.create_key(
        use=found,
        name=name,
        by=person,
        expires_at=now + timedelta(days=days),
        now=now,
        model_names=models,
        endpoints=endpoints,
        networks=networks,
    )
    click.echo(secret)


@key.command("list")
def list_keys() -> None:
    """List the keys that open something: number, first letters, use, holder, last day."""
    for found in Key.objects.usable(timezone.now()).select_related("use", "person").order_by("pk"):
        expires = f"{found.expires_at:%Y-%m-%d}" if found.expires_at else "—"
        click.echo(f"{found.pk}\t{found.prefix}…\t{found.use.slug}\t{found.person.email}\t{expires}")


@key.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Revoke the key of that NUMBER: within a second nothing opens with it."""
    found = Key.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("key_unknown_number", "There is no key %(number)s.", number=number)
    actions.revoke_key(key=found, by=None, now=timezone.now())
    click.echo(f"Key {number} is revoked.")
