"""The background work outlives what the machine refuses."""

import errno
import logging

import pytest
from django.db import InterfaceError, OperationalError

from antigone.errors import Unavailable
from antigone.portal.commands import _kept_going


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("database is locked"),
        InterfaceError("connection already closed"),
        Unavailable("disk_full", "The disk is full."),
    ],
)
def test_what_the_machine_refuses_is_logged_and_outlived(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), _kept_going():
        raise error
    assert str(error) in caplog.text


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), _kept_going():
        _ = 1 / 0
