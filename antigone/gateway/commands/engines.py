"""`antigone engine`: which engines there are, what is wrong with one, the catalogue of models."""

import json
from dataclasses import asdict

import click

from antigone.errors import NotFound
from antigone.gateway import actions
from antigone.gateway.checking import Step, check_engine
from antigone.gateway.clients import run_alone
from antigone.gateway.engines import Engine
from antigone.gateway.snapshot import refresh

MARKS = {True: "ok  ", False: "NO  ", None: "?   "}


@click.group()
def engine() -> None:
    """List and check the engines that run the models; load the catalogue of models."""


@engine.command("list")
def list_engines() -> None:
    """List the engines: name, model as programmes ask for it, kind, address."""
    for found in _find_engines():
        click.echo(f"{found.name}\t{found.public_name}\t{found.kind}\t{found.url}")


@engine.command("check")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="For programmes.")
def check(name: str | None, as_json: bool) -> None:
    """Look at every engine, or at the one called NAME, step by step, and say what to do.

    Exit code 1 where one of them cannot answer.
    """
    engines = [found for found in _find_engines() if name in (None, found.name)]
    if not engines:
        raise NotFound(
            "engine_unknown", "There is no engine “%(name)s”: see `antigone engine list`.", name=name or "—"
        )
    results = {found.name: run_alone(_collect(found)) for found in engines}
    if as_json:
        click.echo(
            json.dumps({name: [asdict(step) for step in steps] for name, steps in results.items()}, indent=2)
        )
    else:
        for found, steps in results.items():
            click.echo(found)
            for step in steps:
                advice = f"\n         → {step.advice}" if step.advice and step.is_right is not True else ""
                click.echo(f"  {MARKS[step.is_right]} {step.name}: {step.found}{advice}")
    if any(step.is_right is False for steps in results.values() for step in steps):
        raise SystemExit(1)


@engine.command("catalogue")
def catalogue() -> None:
    """Add the passports of known models that are missing; none is offered before an engine runs it."""
    added = actions.load_catalogue()
    click.echo("\n".join(added) if added else "Nothing is missing.")


def _find_engines() -> list[Engine]:
    models = refresh().list_models()
    return list(dict.fromkeys(found for model in models for found in model.engines))


async def _collect(found: Engine) -> list[Step]:
    return [step async for step in check_engine(found)]
