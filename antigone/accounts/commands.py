"""`antigone accounts …`: what an operator does with people from the server itself."""

import json
import sys

import click

from antigone.accounts import actions
from antigone.accounts.models import Installation, Person, Role
from antigone.errors import AntigoneError, NotFound

ROLES = click.Choice(Role.values)


class Accounts(click.Group):
    """Say an error of the rooms as a sentence, not as a trace."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except AntigoneError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Accounts)
def accounts() -> None:
    """Create people, give roles, end sessions."""


@accounts.command("create-operator")
@click.argument("email")
@click.option("--name", required=True, help="The name that others read.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
def create_operator(email: str, name: str, password_stdin: bool) -> None:
    """Create the person who runs this Antigone."""
    _refuse_in_demo()
    password = _ask_password(password_stdin)
    actions.create_person(email=email, name=name, password=password, roles=[Role.OPERATOR])
    click.echo(f"{email} may sign in and is an operator.")


@accounts.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that others read.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="A role to give; may be repeated.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
def create(email: str, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Create a person."""
    _refuse_in_demo()
    actions.create_person(email=email, name=name, password=_ask_password(password_stdin), roles=roles)
    click.echo(f"{email} may sign in.")


@accounts.command("give-role")
@click.argument("email")
@click.argument("role", type=ROLES)
def give_role(email: str, role: str) -> None:
    """Give a person a role."""
    actions.give_role(person=_find(email), role=role, by=None)
    click.echo(f"{email} is {Role(role).label}.")


@accounts.command("take-role")
@click.argument("email")
@click.argument("role", type=ROLES)
def take_role(email: str, role: str) -> None:
    """Take a role back from a person."""
    actions.take_role(person=_find(email), role=role, by=None)
    click.echo(f"{email} is no longer {Role(role).label}.")


@accounts.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
def password(email: str, password_stdin: bool) -> None:
    """Replace a person's password and end the sessions that the old one opened."""
    person = _find(email)
    actions.set_password(person=person, password=_ask_password(password_stdin))
    click.echo(f"{email} has a new password; open sessions are ended.")


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for other programmes.")
def list_people(as_json: bool) -> None:
    """List everybody who has an account."""
    people = [
        {
            "email": person.email,
            "name": person.name,
            "roles": [held.role for held in person.roles.all()],
            "groups": [group.name for group in person.groups.all()],
            "may_sign_in": person.is_active,
        }
        for person in Person.objects.with_account()
    ]
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False, indent=2))
        return
    for shown in Person.objects.with_account():
        roles = ", ".join(held.role for held in shown.roles.all()) or "-"
        click.echo(f"{shown.email}  {shown.name}  {roles}{'' if shown.is_active else '  (closed)'}")


@accounts.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Sign a person out everywhere."""
    click.echo(f"{actions.end_sessions(person=_find(email))} sessions of {email} ended.")


@accounts.command("forget-second-factor")
@click.argument("email")
def forget_second_factor(email: str) -> None:
    """Let a person who lost the telephone sign in with the password alone."""
    actions.forget_second_factor(person=_find(email))
    click.echo(f"{email} signs in with the password alone, until a second factor is set up again.")


def find_reader(email: str | None) -> Person | None:
    """Return the person whose rights a command reads with; without an address, a visitor."""
    if not email:
        return None
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise NotFound("person_unknown", "Nobody here has the address “%(email)s”.", email=email)
    return person


def _refuse_in_demo() -> None:
    """Where everybody may become an operator, no real person is safe."""
    if Installation.objects.is_demo():
        raise click.ClickException(
            "this is a demonstration, where everybody may take every role; "
            "real accounts need a folder of their own (ANTIGONE_DATA)."
        )


def _find(email: str) -> Person:
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise click.ClickException(f"Nobody has the address {email}. See: antigone accounts list")
    return person


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt(
        "Password (12 characters or more)", hide_input=True, confirmation_prompt="Once more"
    )
    return answer
