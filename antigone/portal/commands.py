"""Starting and preparing Antigone."""

import logging
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import click
from django.conf import settings
from django.core.management import call_command
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from antigone.accounts import actions as accounts
from antigone.accounts.models import Installation, Person
from antigone.assistant import actions as assistant
from antigone.circuit.confinement import confinement_state
from antigone.consultation import drawing
from antigone.consultation.actions.suspicions import spot_suspicions
from antigone.consultation.actions.upkeep import erase_traces
from antigone.errors import AntigoneError, Unavailable
from antigone.gateway.actions import erase_old_usage, roll_up_usage
from antigone.gateway.actions.batches import work_on_batches
from antigone.gateway.actions.files import clean_batch_files
from antigone.gateway.allowances import erase_old_allowances
from antigone.gateway.speaking import find_first
from antigone.library import actions as library
from antigone.library.models import Collection
from antigone.portal.actions import load_demo
from antigone.register.actions import ensure_assistant_use
from antigone.selection import actions as selection
from antigone.selection.actions import recruitment

logger = logging.getLogger(__name__)
HOUR = 3_600
# Of 64 passages, each hour: imports wait meanwhile.
EMBEDDED_BATCHES = 100


@click.command()
def setup() -> None:
    """Make or update the database; what is there already is kept."""
    prepare()
    click.echo(f"The database is ready ({settings.DATA_FOLDER}).")


@click.command()
def demo() -> None:
    """Fill an empty Antigone with an invented town: its people, its documents.

    Refused on a database that holds real accounts or documents, since everybody may try every role of a demo.
    """
    prepare()
    has_documents = Collection.objects.exists() and not Installation.objects.is_demo()
    if has_documents or Person.objects.filter(is_demo=False).exists():
        raise click.ClickException(
            "this Antigone holds real accounts or documents; a demonstration needs a folder of its own."
        )
    _load_demo()


@click.command()
@click.option(
    "--demo", "with_demo", is_flag=True, help="Fill an empty database with the demonstration first."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=settings.PORT,
    show_default="PORT, else 8000",
    type=click.IntRange(1, 65_535),
    help="The port to listen on.",
)
@click.option(
    "--workers",
    default=settings.WORKERS,
    show_default="ANTIGONE_WORKERS, else 1",
    type=click.IntRange(1, 64),
    help="How many processes answer.",
)
@click.option(
    "--worker/--no-worker", default=True, show_default=True, help="Do the background work here too."
)
def run(with_demo: bool, host: str, port: int, workers: int, worker: bool) -> None:
    """Start Antigone: make or update the database, serve the pages, do the background work."""
    import uvicorn  # noqa: PLC0415 (slow import)

    prepare()
    _open_many_files()
    if with_demo and not Collection.objects.exists() and not Person.objects.filter(is_demo=False).exists():
        _load_demo()
    stopping = threading.Event()
    if worker:
        threading.Thread(target=do_batches, args=[stopping], daemon=True, name="batches").start()
        threading.Thread(target=do_background_work, args=[stopping], daemon=True, name="worker").start()
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104
    click.echo(f"Antigone: http://{shown}:{port}/   (Ctrl+C to stop)")
    try:
        # No access log: addresses and searches of people are nobody's business.
        os.environ["ANTIGONE_WORKERS"] = str(workers)  # each has its part of the engines' places
        uvicorn.run(
            "antigone.asgi:application",
            host=host,
            port=port,
            workers=workers if workers > 1 else None,
            access_log=False,
            log_level="warning",
            server_header=False,
        )
    finally:
        stopping.set()


@click.command()
def worker() -> None:
    """Do the background work only (with `antigone run --no-worker` elsewhere)."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    threading.Thread(target=do_batches, args=[stopping], daemon=True, name="batches").start()
    do_background_work(stopping)


def prepare() -> None:
    """Bring the database to this version's shape; in a fraction of a second when it already is."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)


def do_background_work(stopping: threading.Event) -> None:
    """Do queued tasks until told to stop, draw what the votes say, and once an hour do what is due by the clock."""
    from django_tasks_db.management.commands.db_worker import Worker  # noqa: PLC0415 (slow import)

    with _kept_going():
        for warning in confinement_state().warnings:
            logger.warning("Documents are read with less protection than they should: %s", warning)
    with _kept_going():
        library.resume_imports()
    with _kept_going():
        selection.resume_computations()
    with _kept_going():
        recruitment.resume_register_imports()
    next_hour = 0.0
    while not stopping.is_set():
        batch = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{os.uname().nodename}-{os.getpid()}",
            excluded_queue_names=[],
        )
        with _kept_going():
            batch.run()
        with _kept_going():
            drawing.refresh_pictures(timezone.now())
        with _kept_going():
            spot_suspicions(timezone.now())
        if time.monotonic() >= next_hour:
            next_hour = time.monotonic() + HOUR
            _do_hourly_work(stopping)
        close_old_connections()
        stopping.wait(settings.WORKER_INTERVAL_SECONDS)


def do_batches(stopping: threading.Event) -> None:
    """Answer the requests that programmes left in files, until told to stop: some take hours."""
    while not stopping.wait(settings.WORKER_INTERVAL_SECONDS):
        close_old_connections()
        with _kept_going():
            work_on_batches()


def _do_hourly_work(stopping: threading.Event) -> None:
    """Do what is due by the clock; what fails is tried again in an hour and holds up nothing else."""
    for work in (
        ensure_assistant_use,
        assistant.delete_expired_conversations,
        assistant.delete_expired_feedback,
        accounts.forget_ended_sessions,
        library.clean_files,
        recruitment.clean_registers,
        recruitment.purge_due_recruitments,
        lambda: erase_traces(timezone.now()),
        lambda: roll_up_usage(timezone.now()),
        lambda: erase_old_usage(timezone.now()),
        lambda: erase_old_allowances(timezone.now()),
        lambda: clean_batch_files(timezone.now()),
    ):
        with _kept_going():
            work()
    with _kept_going():
        _embed_some(stopping)


@contextmanager
def _kept_going() -> Iterator[None]:
    """Log what the database, the disk or an engine refuses: the background must outlive it."""
    try:
        yield
    except (AntigoneError, DatabaseFailure, OSError) as error:
        logger.warning("Background work will be tried again: %s", error)


def _embed_some(stopping: threading.Event) -> None:
    """Have vectors made of new passages; an engine that fails is asked again in an hour."""
    model = find_first("embedding")
    if model is None:
        return
    try:
        for _number in islice(assistant.embed_passages(model), EMBEDDED_BATCHES):
            if stopping.is_set():
                return
    except Unavailable as error:
        logger.warning("Passages wait for their vectors: model %s (%s).", model.name, error.code)


def _open_many_files() -> None:
    """Raise the limit on open files: a form may bring a thousand at once."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65_536, hard))


def _load_demo() -> None:
    columns = (
        TextColumn("Demonstration"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("")
        count = load_demo(
            lambda done, total, name: progress.update(task, completed=done, total=total, description=name)
        )
    click.echo(f"The demonstration has {count} documents.", err=True)
