import json
from collections.abc import Callable
from typing import Any

import pytest

from antigone.core.sortition.beacons import CHAINS
from antigone.core.sortition.lottery import make_lottery
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.published import fit_lottery
from antigone.core.sortition.verification import SENTENCES, verify_files
from tests.core.sortition.pools import read_paper_pool
from tests.core.sortition.public_draws import (
    NAMES,
    REFERENCE,
    is_believed_by_stranger,
    load_stranger,
    make_asked,
    make_files,
)
from tests.core.sortition.signing import OURS

Document = dict[str, Any]


@pytest.fixture(autouse=True)
def _our_beacon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHAINS, OURS.hash, OURS)
    stranger = load_stranger("verify_public_draw")
    monkeypatch.setattr(stranger, "CHAIN", stranger.CHAIN | {"chain": OURS.hash, "genesis": OURS.genesis})
    monkeypatch.setattr(stranger, "KEY", bytes.fromhex(OURS.public_key))


def find_results(files: dict[str, bytes]) -> dict[str, str]:
    return {check.name: check.result for check in verify_files(files).checks if check.name != "file"}


def change(files: dict[str, bytes], name: str, edit: Callable[[Document], object]) -> dict[str, bytes]:
    document = json.loads(files[name])
    edit(document)
    return files | {name: json.dumps(document).encode()}


@pytest.mark.parametrize("by_round", [False, True])
@pytest.mark.parametrize("by_weight", [False, True])
def test_true_files_are_believed_by_all(by_round: bool, by_weight: bool) -> None:
    files = make_files(by_round=by_round, by_weight=by_weight)
    report = verify_files(files)
    assert [check.explain() for check in report.checks if check.result != "passed"] == []
    assert report.is_valid
    assert report.is_complete
    assert is_believed_by_stranger(files)


def test_pool_and_targets_of_their_own_are_compared() -> None:
    files = make_files(all_files=True)
    assert find_results(files)["pool"] == find_results(files)["targets"] == "passed"
    moved = change(files, "pool.json", lambda pool: pool["people"][0].update(household="elsewhere"))
    assert find_results(moved)["pool"] == "failed"
    wider = change(files, "targets.json", lambda targets: targets["targets"][0].update(max=4))
    assert find_results(wider)["targets"] == "failed"


def test_every_order_and_name_of_files_says_the_same() -> None:
    files = make_files()
    renamed = {f"{number}.txt": files[name] for number, name in enumerate(reversed(NAMES))}
    assert find_results(dict(reversed(files.items()))) == find_results(files) == find_results(renamed)


def test_what_is_missing_is_named_and_nothing_else_fails() -> None:
    files = make_files()
    for name in NAMES:
        report = verify_files({other: data for other, data in files.items() if other != name})
        assert report.is_valid, [check.explain() for check in report.checks if check.result == "failed"]
    unopened = change(files, "public.json", lambda draw: draw.pop("secret"))
    del unopened["secret.json"]
    report = verify_files(unopened)
    assert report.is_valid
    assert not report.is_complete
    sentences = [check.explain() for check in report.checks if check.result == "missing"]
    assert sentences == [
        "Not checked, for want of the secret: The pool is the one committed to.",
        "Not checked, for want of the secret: The panels are those committed to, in their order.",
    ]
    assert verify_files({}).is_valid is False


def test_two_files_of_one_format_are_refused() -> None:
    files = make_files()
    assert not verify_files(files | {"other.json": files["secret.json"]}).is_valid


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"format": []}', b"\xff\xfe", b"[" * 100_000, b'{"format": "antigone-\\u2026"}']
)
def test_a_file_that_is_none_of_a_draw_fails(data: bytes) -> None:
    report = verify_files(make_files() | {"other.json": data})
    assert [(check.name, check.result) for check in report.checks if check.result != "passed"] == [
        ("file", "failed")
    ]


FORGERIES: list[tuple[str, str, Callable[[Document], object]]] = [
    ("certificate", "chances.json", lambda d: d.update(minimum=0.9)),
    ("lottery_panels", "lottery.json", lambda d: d["panels"][0].__setitem__(0, d["panels"][0][1])),
    ("lottery_panels", "lottery.json", lambda d: d["panels"][0].__setitem__(0, "stranger")),
    ("lottery_balls", "lottery.json", lambda d: d["balls"].update(é00=d["balls"]["é00"] + 1)),
    ("lottery_balls", "lottery.json", lambda d: d["balls"].update(stranger=50)),
    ("lottery_chances", "lottery.json", lambda d: d["outside"].append("é00")),
    ("lottery_best", "lottery.json", lambda d: d.update(best_minimum=d["best_minimum"] - 1)),
    ("root", "commitment.json", lambda d: d.update(version="0.1.1")),
    ("instant", "commitment.json", lambda d: d.update(committed_at="2027-03-01T13:00:00Z")),
    ("one_commitment", "commitment.json", lambda d: d.update(people=11)),
    ("one_secret", "secret.json", lambda d: d.update(root="00" * 32)),
    ("one_secret", "secret.json", lambda d: d.update(secret="00" * 32)),
    ("committed_targets", "chances.json", lambda d: d["targets"][0].update(max=4)),
    ("committed_pool", "chances.json", lambda d: d["people"][11].update(household="home 7")),
    ("committed_pool", "secret.json", lambda d: d.update(secret="00" * 32)),
    ("committed_panels", "secret.json", lambda d: d.update(secret="00" * 32)),
    ("committed_panels", "lottery.json", lambda d: d["panels"].insert(0, d["panels"].pop())),
    ("randomness", "public.json", lambda d: d["outcome"].update(drawn_at="2027-03-01T12:00:00Z")),
    ("randomness", "public.json", lambda d: d["outcome"].update(series=[[1, 2, 3]])),
    ("panel", "public.json", lambda d: d["outcome"].update(series=[[1, 2]])),
    ("panel", "public.json", lambda d: d.update(panel=8)),
    ("seal", "public.json", lambda d: d["members"].sort(reverse=True)),
]


@pytest.mark.parametrize(("name", "file", "edit"), FORGERIES)
def test_a_forgery_fails_the_check_that_is_meant_for_it(
    name: str, file: str, edit: Callable[[Document], object]
) -> None:
    files = change(make_files(), file, edit)
    report = verify_files(files)
    assert find_results(files)[name] == "failed"
    assert not report.is_valid
    assert all(check.explain() for check in report.checks)
    assert not is_believed_by_stranger(files)


def test_every_check_that_can_fail_was_seen_to_fail() -> None:
    assert {name for name, *_ in FORGERIES} == {*SENTENCES} - {"file", "pool", "targets"}


def test_a_draw_whose_lottery_is_missing_is_not_checked_on_the_weights() -> None:
    files = make_files()
    del files["lottery.json"]
    results = find_results(files)
    assert (results["committed_panels"], results["panel"]) == ("missing", "missing")


def test_a_round_with_the_signature_of_another_does_not_choose() -> None:
    files = make_files(by_round=True)
    other = json.loads(files["public.json"])["outcome"]["signature"].replace("8", "9", 1)
    forged = change(files, "public.json", lambda draw: draw["outcome"].update(signature=other))
    assert find_results(forged)["randomness"] == "failed"
    assert not is_believed_by_stranger(forged)


def test_strangers_are_short_and_import_nothing_of_ours() -> None:
    for name in ("verify_public_draw.py", "verify_lottery.py"):
        text = (REFERENCE / name).read_text()
        assert len(text.splitlines()) < 150
        assert "antigone." not in text
        assert "import antigone" not in text


def test_a_stranger_without_the_library_says_what_it_did_not_check(monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = load_stranger("verify_public_draw")
    documents = {
        document["format"]: document for document in map(json.loads, make_files(by_round=True).values())
    }
    assert stranger.check(documents) == []
    monkeypatch.setattr(stranger, "GT", None)
    assert stranger.check(documents) == ["a round's signature"]


def test_the_lottery_of_a_large_pool_is_measured_by_its_certificate() -> None:
    pool, targets = read_paper_pool("sf_d_like")
    fair = distribute(pool, targets)
    lottery = make_lottery(pool, targets, fair.panels, bound=fair.bound, number=100)
    found = fit_lottery(lottery.panels, fair.certificate)
    assert found == lottery


def test_a_lottery_is_not_fitted_to_a_certificate_that_does_not_hold() -> None:
    with pytest.raises(ValueError, match="minimum"):
        fit_lottery(make_asked().lottery, make_asked().certificate | {"minimum": 1.0})
