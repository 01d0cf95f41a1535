from pathlib import Path

from tests.library.killing import kill_again_and_again


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    acknowledged, found, report = kill_again_and_again(tmp_path, rounds=3)
    assert len(acknowledged) >= 3
    assert acknowledged <= found
    assert report == ["[]", "10"]
