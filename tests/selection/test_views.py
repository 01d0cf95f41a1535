"""What pages show, and to whom: what could leak is planted (SECRET- identifiers, CACHEE addresses)."""

import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from antigone.accounts.models import Person
from antigone.selection import actions
from antigone.selection.models import Computation, Draw
from tests.selection.conftest import Makes, Opens
from tests.selection.town import write_pool, write_targets

pytestmark = pytest.mark.django_db


def address(name: str, *args: object) -> str:
    return reverse(f"selection:{name}", args=args)


def type_targets(draw: Draw, action: str, **changes: int) -> dict[str, str]:
    """Give the form of the targets as a browser sends it, with some bounds changed ("min_16-29" → 4)."""
    form = {"version": str(draw.version), "size": str(draw.size), "action": action}
    for target in draw.targets.all():
        form[f"min_{target.pk}"] = str(changes.get(f"min_{target.value}", target.min))
        form[f"max_{target.pk}"] = str(changes.get(f"max_{target.value}", target.max))
    return form


@pytest.fixture
def facilitator(opens: Opens, alice: Person) -> Client:
    return opens(alice)


@pytest.fixture
def published(committed: Draw, alice: Person) -> Draw:
    actions.note_outcome(draw=committed, fallen=[[4, 2]], by=alice)
    actions.publish_draw(draw=committed, by=alice)
    return Draw.objects.get(pk=committed.pk)


def load(client: Client, **options: object) -> object:
    form = {
        "title": "La nuit",
        "size": "6",
        "pool": SimpleUploadedFile("pool.csv", write_pool(40)),
        "targets": SimpleUploadedFile("targets.csv", write_targets(6)),
        "households": "on",
    }
    return client.post(address("new"), form | options)


def test_files_become_a_draw(facilitator: Client, alice: Person) -> None:
    answer = load(facilitator)
    draw = Draw.objects.get()
    assert answer["Location"] == address("prepare", draw.pk)
    page = facilitator.get(answer["Location"]).content.decode()
    assert "SECRET-" not in page
    assert "16-29" in page
    assert draw.organisation == alice.organisation


def test_refused_file_says_why_and_keeps_nothing(facilitator: Client) -> None:
    answer = load(facilitator, pool=SimpleUploadedFile("pool.csv", b"id;nom\n1;Zita\n"))
    assert answer.status_code == 422
    assert "âge" in answer.content.decode()
    assert not Draw.objects.exists()


def test_diagnosis_follows_what_is_typed_and_saves_nothing(facilitator: Client, draw: Draw) -> None:
    typed = type_targets(draw, "", **{"min_16-29": 3, "min_30-59": 3, "min_60+": 3, "max_60+": 3})
    fragment = facilitator.post(address("diagnosis", draw.pk), typed, headers={"HX-Request": "true"})
    words = fragment.content.decode()
    assert "<html" not in words
    assert 'value="apply"' in words
    assert draw.targets.first().min == 1


def test_changes_are_applied_to_the_table_then_saved(facilitator: Client, draw: Draw) -> None:
    typed = type_targets(draw, "apply", **{"min_16-29": 3, "min_30-59": 3, "min_60+": 3, "max_60+": 3})
    page = facilitator.post(address("prepare", draw.pk), typed)
    assert 'value="apply"' not in page.content.decode()
    assert draw.targets.first().min == 1
    facilitator.post(address("prepare", draw.pk), type_targets(draw, "save", **{"max_60+": 4}))
    assert draw.targets.get(value="60+").max == 4
    assert Draw.objects.get().version == 2


def test_crossed_bounds_are_told_in_the_diagnosis(facilitator: Client, draw: Draw) -> None:
    answer = facilitator.post(address("diagnosis", draw.pk), type_targets(draw, "", **{"min_60+": 5}))
    assert "60+" in answer.content.decode()
    assert answer.status_code == 200


def test_second_of_two_edits_is_shown_beside_the_first(
    facilitator: Client, opens: Opens, draw: Draw, ahmed: Person
) -> None:
    mine = type_targets(draw, "save", **{"max_60+": 5})
    opens(ahmed).post(address("prepare", draw.pk), type_targets(draw, "save", **{"max_60+": 4}))
    answer = facilitator.post(address("prepare", draw.pk), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ahmed" in page
    assert "1 – 4" in page
    assert 'value="5"' in page
    assert draw.targets.get(value="60+").max == 4


def test_progress_page_refreshes_without_javascript_and_can_be_cancelled(
    facilitator: Client, draw: Draw
) -> None:
    form = {"objective": "leximin", "lottery": "100", "time_limit": "60"}
    started = facilitator.post(address("compute", draw.pk), form)
    page = facilitator.get(started["Location"]).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<progress" in page
    computation = Computation.objects.get()
    facilitator.post(address("cancel", draw.pk, computation.pk))
    computation.refresh_from_db()
    assert computation.state == Computation.State.CANCELLED
    assert "http-equiv" not in facilitator.get(started["Location"]).content.decode()


def test_result_shows_the_chance_of_one_person_on_demand(
    facilitator: Client, draw: Draw, computed: Computation
) -> None:
    page = facilitator.get(address("computation", draw.pk, computed.pk)).content.decode()
    assert "SECRET-" not in page
    assert "<svg" in page
    assert page.count("<table") >= 2
    found = facilitator.post(address("find_person", draw.pk, computed.pk), {"person": "SECRET-3"})
    assert "SECRET-3" in found.content.decode()
    missing = facilitator.post(address("find_person", draw.pk, computed.pk), {"person": "SECRET-99"})
    assert missing.status_code == 422


def test_committing_drawing_and_publishing_by_the_pages(facilitator: Client, committed: Draw) -> None:
    early = facilitator.post(address("publish", committed.pk), {})
    assert early.status_code == 422
    wrong = facilitator.post(address("lot", committed.pk), {"digits": "4 x"})
    assert wrong.status_code == 422
    facilitator.post(address("lot", committed.pk), {"digits": "4 2"})
    panel = facilitator.get(address("panel", committed.pk)).content.decode()
    assert panel.count("SECRET-") == 6
    facilitator.post(address("publish", committed.pk), {"agreed": "on"})
    assert Draw.objects.get().published_at is not None


def test_commitment_to_known_randomness_is_refused_with_the_reason(
    facilitator: Client, draw: Draw, computed: Computation
) -> None:
    form = {"kind": "digits", "event": "ici", "instant": "2020-01-01T10:00"}
    answer = facilitator.post(address("commit", draw.pk, computed.pk), form)
    assert answer.status_code == 422
    assert "2020" in answer.content.decode()
    ok = facilitator.post(address("commit", draw.pk, computed.pk), form | {"instant": "2099-01-01T10:00"})
    assert ok.status_code == 302


def test_commitment_to_a_round_by_its_instant(facilitator: Client, draw: Draw, computed: Computation) -> None:
    facilitator.post(
        address("commit", draw.pk, computed.pk), {"kind": "beacon", "instant": "2099-01-01T10:00"}
    )
    assert Draw.objects.get().commitment.document["randomness"]["kind"] == "drand"


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "digits", "event": "ici"},
        {"kind": "digits", "instant": "2099-01-01T10:00"},
        {"kind": "beacon"},
        {"kind": "dream", "event": "ici", "instant": "2099-01-01T10:00"},
    ],
)
def test_commitment_asks_for_what_its_randomness_needs(
    facilitator: Client, draw: Draw, computed: Computation, form: dict[str, str]
) -> None:
    assert facilitator.post(address("commit", draw.pk, computed.pk), form).status_code == 422
    assert Draw.objects.get().is_prepared


def test_commitment_to_a_round_by_its_number(facilitator: Client, draw: Draw, computed: Computation) -> None:
    facilitator.post(
        address("commit", draw.pk, computed.pk), {"kind": "beacon", "round": "900000000", "event": ""}
    )
    assert Draw.objects.get().commitment.document["randomness"]["round"] == 900_000_000


PAGES = ["draw", "sheet", "published_certificate", "published_lottery", "published_draw"]


def test_public_pages_and_files_of_a_published_draw_name_nobody(opens: Opens, published: Draw) -> None:
    for name in PAGES:
        answer = opens(None).get(address(name, published.pk))
        assert answer.status_code == 200, name
        assert b"SECRET-" not in answer.content, name
        assert b"CACHEE" not in answer.content.upper(), name


def test_public_page_before_publication_says_the_fingerprint_and_no_panel(
    opens: Opens, committed: Draw
) -> None:
    page = opens(None).get(address("draw", committed.pk)).content.decode()
    assert committed.commitment.root in page
    assert bytes(committed.commitment.secret).hex() not in page
    assert "r0001" not in page
    for name in PAGES[1:]:
        assert opens(None).get(address(name, committed.pk)).status_code == 404


def test_others_read_nothing_of_the_team(
    opens: Opens, published: Draw, computed: Computation, chloe: Person, olivia: Person, marc: Person
) -> None:
    pages = [
        address("prepare", published.pk),
        address("panel", published.pk),
        address("computation", published.pk, computed.pk),
        address("certificate", published.pk, computed.pk),
        address("names", published.pk, computed.pk),
        address("publish", published.pk),
        address("lot", published.pk),
    ]
    for person in (chloe, olivia, marc, None):
        for page in pages:
            answer = opens(person).get(page)
            assert answer.status_code == (302 if person is None else 404), (person, page)
            assert b"SECRET-" not in answer.content
        for page in (
            address("find_person", published.pk, computed.pk),
            address("alternates", published.pk),
            address("diagnosis", published.pk),
        ):
            answer = opens(person).post(page, {"person": "SECRET-3"})
            assert answer.status_code == (302 if person is None else 404), (person, page)


def test_draw_in_preparation_is_not_there_for_others(
    opens: Opens, draw: Draw, chloe: Person, olivia: Person, marc: Person
) -> None:
    for person in (chloe, olivia, marc, None):
        assert opens(person).get(address("draw", draw.pk)).status_code == 404
        assert "La nuit" not in opens(person).get(address("draws")).content.decode()


def test_guarantor_reads_everything_and_changes_nothing(
    opens: Opens, committed: Draw, computed: Computation, esther: Person
) -> None:
    guarantor = opens(esther)
    for name in ("prepare", "draw", "sheet"):
        assert guarantor.get(address(name, committed.pk)).status_code == 200
    assert guarantor.get(address("computation", committed.pk, computed.pk)).status_code == 200
    for name in ("lot", "publish"):
        assert guarantor.get(address(name, committed.pk)).status_code == 404
    assert guarantor.get(address("new")).status_code == 404
    assert 'name="action"' not in guarantor.get(address("prepare", committed.pk)).content.decode()


def test_operator_sees_no_draw_in_the_administration(opens: Opens, draw: Draw, olivia: Person) -> None:
    page = opens(olivia).get("/admin/").content.decode()
    assert "selection" not in page
    assert not olivia.has_perm("selection.view_respondent")


def test_file_of_a_draw_is_checked_line_by_line(opens: Opens, published: Draw) -> None:
    visitor = opens(None)
    data = visitor.get(address("published_certificate", published.pk)).content

    def check(content: bytes, name: str = "draw.json") -> str:
        answer = visitor.post(address("verify"), {"documents": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200
        return str(answer.content.decode())

    assert "tag warn" not in check(data)
    assert "tag ok" in check(gzip.compress(data), "draw.json.gz")
    certificate = json.loads(data)
    certificate["panels"][0]["weight"] += 1
    assert "tag warn" in check(json.dumps(certificate).encode())
    for nonsense in (b"not json", b"[]", b"{}", b"\x1f\x8b broken", gzip.compress(bytes(60_000_000))):
        assert "tag ok" not in check(nonsense)


def test_published_draw_is_checked_by_a_button(opens: Opens, published: Draw) -> None:
    page = opens(None).post(address("verify_published", published.pk)).content.decode()
    assert "tag warn" not in page
    assert page.count("tag ok") > 10


def test_checks_of_visitors_are_counted(opens: Opens, published: Draw, settings: object) -> None:
    from django.core.cache import caches

    settings.TRIES = {"verify": (1, 60)}
    caches["memory"].clear()
    visitor = opens(None)
    assert visitor.post(address("verify_published", published.pk)).status_code == 200
    assert visitor.post(address("verify_published", published.pk)).status_code == 429
    caches["memory"].clear()


def test_census_bands_are_explained(facilitator: Client) -> None:
    shares = "âge,16-29,300\nâge,30-59,400\nâge,60+,300\ngenre,femme,520\ngenre,homme,480"
    load(facilitator, targets="", shares=shares, size="10")
    draw = Draw.objects.get()
    assert draw.targets.get(value="femme").share == "520"
    page = facilitator.get(address("prepare", draw.pk)).content.decode()
    assert "5.20" in page or "5,20" in page


def test_pages_are_in_english_too(make: Makes, opens: Opens, alice: Person) -> None:
    draw = make()
    alice.language = "en"
    alice.save()
    assert "What the panel must look like" in opens(alice).get(address("prepare", draw.pk)).content.decode()
