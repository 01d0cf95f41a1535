"""A stranger checks a draw of contacts with the file alone; an operator erases what is due and learns no name."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from antigone.accounts.models import Person
from antigone.cli import antigone
from antigone.core.sortition.contact_files import write_lines
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.models import Recruitment

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(antigone, ["recruit", *arguments, "--json"], env={"LC_ALL": "en_GB.UTF-8"})


@pytest.fixture
def file(drawn: Recruitment, tmp_path: Path) -> Path:
    path = tmp_path / "contacts.jsonl"
    path.write_bytes(b"".join(write_lines(recruiting.make_contact_draw(drawn), recruiting.read_rows(drawn))))
    return path


def test_file_holds_after_the_purge_as_before(file: Path, drawn: Recruitment, alice: Person) -> None:
    assert run("verify", str(file), "--root", drawn.root).exit_code == 0
    before = file.read_bytes()
    assert b"SECRET" not in before
    purged = recruiting.purge_recruitment(recruitment=drawn, by=alice)
    again = b"".join(write_lines(recruiting.make_contact_draw(purged), recruiting.read_rows(purged)))
    assert again == before


def test_other_fingerprint_or_other_contacts_are_told(file: Path) -> None:
    assert json.loads(run("verify", str(file), "--root", "0" * 64).output)["rows"] is False
    text = file.read_text()
    file.write_text(text.replace('"drawn":true', '"drawn":false', 1))
    told = run("verify", str(file))
    assert told.exit_code == 1
    assert json.loads(told.output)["contacts"] is False
    file.write_text(text.replace('"stratum":"Nord"', '"stratum":"Sud"', 1))
    assert json.loads(run("verify", str(file)).output)["rows"] is False


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[1]", b"\xff", b'{"format":"x","root":"","seed":"","size":1,"one_per_household":false}'],
)
def test_file_that_is_no_draw_is_refused(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "contacts.jsonl"
    path.write_bytes(line)
    refused = run("verify", str(path))
    assert refused.exit_code == 1
    assert json.loads(refused.output)["error"]["code"] == "invalid_document"


def test_missing_file_is_told(tmp_path: Path) -> None:
    assert "unreadable_path" in run("verify", str(tmp_path / "none")).output


@given(line=st.text(max_size=60))
def test_any_row_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, line: str) -> None:
    path = tmp_path_factory.mktemp("any") / "contacts.jsonl"
    header = '{"format":"antigone-contacts/1","one_per_household":false,"root":"","seed":"","size":1}\n'
    path.write_text(header + line, encoding="utf-8")
    assert run("verify", str(path)).exit_code == 1


def test_due_recruitments_are_erased(drawn: Recruitment) -> None:
    today = timezone.localdate()
    Recruitment.objects.update(reply_date=today - timedelta(days=1), purge_date=today)
    assert json.loads(run("purge").output) == {"purged": 1}
    assert json.loads(run("purge").output) == {"purged": 0}
