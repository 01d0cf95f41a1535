import json

import pytest

from antigone.core.sortition import errors
from antigone.core.sortition.documents import dump_pool, dump_targets, load_pool, load_targets
from antigone.core.sortition.pool import Person, Pool, Target, Targets

TARGETS = Targets(1, (Target("âge", "18+", 1, 1),))
POOL = Pool((Person("1", {"âge": "18+"}, "12 rue"), Person("2", {"âge": "18+"})))


def test_documents_written_are_read_again() -> None:
    assert load_targets(dump_targets(TARGETS)) == TARGETS
    assert load_pool(dump_pool(POOL), TARGETS) == POOL


@pytest.mark.parametrize(
    "change",
    [
        {"format": "antigone-pool/2"},
        {"people": {}},
        {"people": ["1"]},
        {"people": [{"id": 1, "features": {}}]},
        {"people": [{"id": "1"}]},
        {"people": [{"id": "1", "features": {"âge": 18}}]},
        {"people": [{"id": "1", "features": {}, "name": "Bob"}]},
        {"salt": ""},
    ],
)
def test_a_document_that_is_not_a_pool_is_refused(change: dict[str, object]) -> None:
    document = json.loads(dump_pool(POOL)) | change
    with pytest.raises(errors.InvalidDocument):
        load_pool(json.dumps(document).encode(), TARGETS)


TWICE = [
    b'{"format": "antigone-targets/1", "size": 1, "size": 1, "targets": []}',
    b'{"format": "antigone-targets/1", "size": NaN, "targets": []}',
    b'{"format": "antigone-targets/1", "size": 1, "targets": [], "\\ud800": 1}',
]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"format": "antigone-targets/1"}', *TWICE]
)
def test_bytes_that_are_no_document_are_refused(data: bytes) -> None:
    with pytest.raises(errors.InvalidDocument):
        load_targets(data)


def test_a_truth_value_is_no_number() -> None:
    document = json.loads(dump_targets(TARGETS)) | {"size": True}
    with pytest.raises(errors.InvalidDocument):
        load_targets(json.dumps(document).encode())


def test_people_of_a_document_are_checked() -> None:
    with pytest.raises(errors.RepeatedId):
        load_pool(dump_pool(Pool((*POOL.people, POOL.people[0]))), TARGETS)
