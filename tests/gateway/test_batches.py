"""Files and batches: answered in the background through the same guards, none twice, seen by their use alone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.gateway.actions.batches import run_batch, work_on_batches
from antigone.gateway.actions.files import clean_batch_files, find_folder, find_path
from antigone.gateway.models import Batch, BatchFile, Key, Limit, Usage
from antigone.gateway.spool import move_rows
from antigone.register.models import Use
from tests.gateway.town import SECRET, Reply, ask, make_key, make_use, set_limit
from tests.scripted_engine import ScriptedEngine

BOUNDARY = "frontiere"


def line(number: int, **fields: object) -> dict[str, object]:
    body = {"model": "counting", "input": [f"repas {number}"]}
    return {"custom_id": f"n{number}", "method": "POST", "url": "/v1/embeddings", "body": body, **fields}


def leave(content: bytes, *, purpose: str = "batch", key: str = SECRET) -> Reply:
    raw = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n{purpose}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="../../in.jsonl"\r\n\r\n'
    ).encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return ask(
        "POST", "/v1/files", raw=raw + content + f"\r\n--{BOUNDARY}--\r\n".encode(), headers=headers, key=key
    )


def write(lines: list[dict[str, object]]) -> bytes:
    return "\n".join(map(json.dumps, lines)).encode()


def start(content: bytes) -> str:
    file = leave(content).json["id"]
    body = {"input_file_id": file, "endpoint": "/v1/embeddings", "completion_window": "24h"}
    identity: str = ask("POST", "/v1/batches", body).json["id"]
    return identity


def work(identity: str) -> dict[str, object]:
    work_on_batches()
    move_rows()
    found: dict[str, object] = ask("GET", f"/v1/batches/{identity}").json
    return found


def read(file_id: object) -> list[dict[str, object]]:
    return [json.loads(text) for text in ask("GET", f"/v1/files/{file_id}/content").body.splitlines()]


def test_batch_is_answered_whole_and_counted(key: Key) -> None:
    lines = [line(number) for number in range(5)]
    lines.append(line(5, body={"model": "unknown", "input": "a"}))
    found = work(start(write(lines)))
    assert found["status"] == "completed"
    assert found["request_counts"] == {"total": 6, "completed": 5, "failed": 1}
    answers = {row["custom_id"]: row["response"] for row in read(found["output_file_id"])}
    assert set(answers) == {f"n{number}" for number in range(5)}
    assert answers["n0"]["body"]["data"][0]["embedding"] == [0, 1, 0, 0]  # type: ignore[index]
    (failed,) = read(found["error_file_id"])
    assert failed["response"]["status_code"] == 404  # type: ignore[index]
    assert Usage.objects.filter(endpoint="embeddings", status=200).count() == 5


def test_batch_begun_again_asks_nothing_twice(key: Key, engines: ScriptedEngine) -> None:
    identity = start(write([line(number) for number in range(4)]))
    done = {"custom_id": "n0", "response": {"status_code": 200, "body": {"before": True}}}
    cut = json.dumps({"custom_id": "n1"})[:9]
    (find_folder() / f"{identity}-output.part").write_text(f"{json.dumps(done)}\n{cut}")
    engines.requests.clear()
    found = work(identity)
    assert found["request_counts"] == {"total": 4, "completed": 4, "failed": 0}
    assert sorted(str(request["input"]) for request in engines.requests) == [
        f"['repas {n}']" for n in (1, 2, 3)
    ]
    assert {row["custom_id"] for row in read(found["output_file_id"])} == {"n0", "n1", "n2", "n3"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n", "empty_file"),
        (b"{", "invalid_line"),
        (b"[]", "invalid_line"),
        (b"\xff", "invalid_line"),
        (write([line(1, custom_id="")]), "invalid_line"),
        (write([line(1, url="/v1/chat/completions")]), "invalid_line"),
        (write([line(1, method="GET")]), "invalid_line"),
        (write([line(1, body=3)]), "invalid_line"),
        (write([line(1, body={"stream": True})]), "invalid_line"),
        (write([line(1), line(1)]), "duplicate_custom_id"),
    ],
)
def test_input_that_is_wrong_says_where(key: Key, content: bytes, code: str) -> None:
    found = work(start(content))
    assert found["status"] == "failed"
    assert found["errors"]["data"][0]["code"] == code  # type: ignore[index]
    assert not Usage.objects.filter(endpoint="embeddings").exists()


def test_batch_stops_when_it_is_cancelled(key: Key) -> None:
    identity = start(write([line(number) for number in range(3)]))
    assert ask("POST", f"/v1/batches/{identity}/cancel").json["status"] == "cancelling"
    found = work(identity)
    assert found["status"] == "cancelled"
    assert ask("POST", f"/v1/batches/{identity}/cancel").status == 409


def test_batch_stops_with_its_key(key: Key) -> None:
    identity = start(write([line(number) for number in range(3)]))
    key.revoked_at = timezone.now()
    key.save()
    run_batch(identity)
    batch = Batch.objects.get()
    assert (batch.state, batch.errors[0]["code"], batch.completed) == (Batch.State.FAILED, "key_unknown", 0)


def test_batch_expires(key: Key) -> None:
    identity = start(write([line(number) for number in range(3)]))
    Batch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert work(identity)["status"] == "expired"


def test_batch_is_within_the_limits_of_its_key(key: Key) -> None:
    identity = start(write([line(number) for number in range(3)]))
    set_limit(Limit.Measure.REQUESTS_DAY, 2, key=key)
    found = work(identity)
    assert found["request_counts"] == {"total": 3, "completed": 2, "failed": 1}
    (refused,) = read(found["error_file_id"])
    assert refused["response"]["status_code"] == 429  # type: ignore[index]


def test_files_and_batches_are_those_of_a_use(key: Key, developer: Person) -> None:
    other: Use = make_use(developer, name="Autre")
    make_key(other, developer, secret="antigone_other")
    identity = start(write([line(1)]))
    file = BatchFile.objects.get()
    for path in (f"files/{file.pk}", f"files/{file.pk}/content", f"batches/{identity}"):
        assert ask("GET", f"/v1/{path}").status == 200
        assert ask("GET", f"/v1/{path}", key="antigone_other").status == 404
    assert ask("DELETE", f"/v1/files/{file.pk}", key="antigone_other").status == 404
    assert ask("GET", "/v1/files", key="antigone_other").json["data"] == []
    assert ask("GET", "/v1/batches", key="antigone_other").json["data"] == []
    body = {"input_file_id": file.pk, "endpoint": "/v1/embeddings", "completion_window": "24h"}
    assert ask("POST", "/v1/batches", body, key="antigone_other").status == 404


def test_file_stands_under_a_name_of_ours_and_goes(key: Key) -> None:
    left = leave(b"abc").json
    assert left["filename"] == "../../in.jsonl"
    assert find_path(left["id"]).read_bytes() == b"abc"
    assert ask("GET", f"/v1/files/{left['id']}").json["bytes"] == 3
    assert ask("DELETE", f"/v1/files/{left['id']}").json["deleted"] is True
    assert ask("GET", f"/v1/files/{left['id']}").status == 404


def test_expired_files_are_deleted(key: Key) -> None:
    left = leave(b"abc").json
    assert clean_batch_files(timezone.now()) == 0
    assert clean_batch_files(timezone.now() + timedelta(days=31)) == 1
    assert ask("GET", f"/v1/files/{left['id']}").status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"endpoint": "/v1/images", "input_file_id": "x", "completion_window": "24h"},
        {"endpoint": "/v1/embeddings", "input_file_id": "x", "completion_window": "1h"},
        {"endpoint": "/v1/embeddings", "input_file_id": "x", "completion_window": "24h"},
        {"endpoint": "/v1/embeddings", "metadata": 3},
    ],
)
def test_wrong_batch_is_refused(key: Key, body: object) -> None:
    assert ask("POST", "/v1/batches", body).status in (400, 404)


def test_wrong_files_and_lists_are_refused(key: Key) -> None:
    assert leave(b"abc", purpose="nothing").status == 400
    assert ask("POST", "/v1/files", raw=b"abc").status == 400
    assert ask("GET", "/v1/files/x").status == 404
