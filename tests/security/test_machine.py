"""What lies on the machine is for its account alone, and what is secret is in no message."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from antigone.accounts.actions import forget_ended_sessions
from antigone.accounts.models import Installation, Person
from antigone.assistant.actions import delete_expired_feedback, give_feedback, keep_exchange
from antigone.assistant.answers import Answer, Outcome
from antigone.assistant.models import Feedback
from antigone.gateway.engines import parse_engines
from antigone.library.models import Document
from tests.security.conftest import SignIn

ROOT = Path(__file__).resolve().parents[2]
PRINT_COOKIES = (
    "from django.conf import settings as s;"
    "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.DEBUG)"
)


def run_python(code: str, folder: Path, **environment: str) -> str:
    given = {
        "PATH": os.environ["PATH"],
        "ANTIGONE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "antigone.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**given, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_nobody_else_on_the_machine_reads_the_data(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    folder.mkdir(mode=0o755)
    code = "import os; os.umask(0o022); from antigone.cli import main; main(['setup'])"
    run_python(code, folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not path.stat().st_mode & 0o027, path
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600


def test_cookies_of_a_city_on_the_network_leave_over_tls_alone(tmp_path: Path) -> None:
    printed = run_python(PRINT_COOKIES, tmp_path, ANTIGONE_HOSTS="antigone.valmont.example")
    assert printed == "__Host-antigone True True True False"


@pytest.mark.parametrize("text", ['{"name": "A", "key": "sk-secret"}', '[{"name": "A", "key": "sk-secret"}]'])
def test_key_of_an_engine_is_in_no_message(text: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        parse_engines(text)
    assert "sk-secret" not in str(raised.value)


def test_operator_reads_no_question_and_no_session_anywhere(
    olivia: Person, chloe: Person, public: Document, sign_in: SignIn
) -> None:
    word = "zygomatique"
    answer = Answer(question=f"Et le {word} ?", outcome=Outcome.NOT_FOUND)
    kept = keep_exchange(person=chloe, answer=answer)
    give_feedback(answer=answer, verdict=Feedback.Verdict.WRONG, comment=word)
    sign_in(chloe)
    keys = [session.session_key for session in Session.objects.all()]
    client = sign_in(olivia)
    pages = [
        client.get("/admin/"),
        client.get("/demander/avis/a-traiter/"),
        client.get("/demander/historique/"),
    ]
    for model in admin.site._registry:
        pages.append(
            client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        )
    pages.append(client.get(f"/admin/accounts/person/{chloe.pk}/change/"))
    for page in pages:
        html = page.content.decode()
        assert word not in html
        assert not any(key in html for key in keys)
    assert client.get(f"/demander/{kept.pk}/").status_code == 404


def test_demonstration_and_real_city_never_share_a_folder(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from antigone.cli import antigone as run; from click.testing import CliRunner;"
        "from antigone.portal.commands import prepare; prepare();"
        "from antigone.library.actions import create_collection; create_collection(name='Vraie', audience='public');"
        "first = CliRunner().invoke(run, ['demo']);"
        "from antigone.accounts.models import Installation; print(first.exit_code, Installation.objects.is_demo());"
        "Installation.objects.create(pk=1, is_demo=True);"
        "create = ['accounts', 'create-operator', 'a@b.example', '--name', 'A', '--password-stdin'];"
        "print(CliRunner().invoke(run, create, input='a long walk by the river').exit_code)"
    )
    assert run_python(code, tmp_path).split() == ["1", "False", "1"]


def test_roles_are_tried_in_a_demonstration_only(public: Document, chloe: Person, sign_in: SignIn) -> None:
    client = sign_in(None)
    Person.objects.filter(pk=chloe.pk).update(is_demo=True)
    assert client.post("/compte/role/", {"person": chloe.pk}).status_code == 404
    Installation.objects.create(pk=1, is_demo=True)
    for person in ("²", "999", "x" * 50):
        client.post("/compte/role/", {"person": person})
    before = client.session.session_key
    client.post("/compte/role/", {"person": chloe.pk})
    assert client.session["_auth_user_id"] == str(chloe.pk)
    assert client.session.session_key != before


def test_feedback_and_ended_sessions_are_forgotten(chloe: Person, public: Document, sign_in: SignIn) -> None:
    from datetime import timedelta

    from django.utils import timezone

    give_feedback(answer=Answer(question="?", outcome=Outcome.NOT_FOUND), verdict=Feedback.Verdict.USEFUL)
    assert delete_expired_feedback() == 0
    Feedback.objects.update(given_at=timezone.now() - timedelta(days=400))
    assert delete_expired_feedback() == 1
    from allauth.usersessions.models import UserSession

    sign_in(chloe)
    UserSession.objects.create(user=chloe, session_key="gone", ip="192.0.2.1", user_agent="x")
    assert forget_ended_sessions() == 1
    assert Session.objects.exists()
