"""A process that gives up its files for good, but for the folders it names, which it may only read.

Landlock is the kernel's own; no right is needed to use it. From version 4 of its interface it also refuses
TCP, from 6 signals to other processes; these come along where the kernel has them. Linux ≥ 5.13.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

from antigone.circuit.seccomp import forbid_new_privileges

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every processor
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_FILE_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many low bits are rights over files
_TCP = 0b11  # bind, connect: version 4
_SCOPES = 0b11  # abstract UNIX sockets, signals: version 6


def allow_only_reading(folders: Iterable[Path]) -> None:
    """Refuse to this thread and its children every file outside ``folders``, and every change within.

    ``/dev/null`` stays writable, as programs expect. Folders that are not there are passed over. Raises
    ``OSError`` where the kernel does not offer it.
    """
    version = get_version()
    attributes = struct.pack(
        "=QQQ",
        (1 << _FILE_RIGHTS_BY_VERSION.get(version, 16)) - 1,
        _TCP if version >= 4 else 0,
        _SCOPES if version >= 6 else 0,
    )[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for folder in folders:
            _allow(ruleset, folder, _EXECUTE | _READ_FILE | _READ_FOLDER)
        _allow(ruleset, Path(os.devnull), _READ_FILE | _WRITE_FILE)
        forbid_new_privileges()
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def get_version() -> int:
    """Give the version of Landlock's interface in this kernel. Raises ``OSError`` where there is none."""
    if platform.system() != "Linux":
        raise OSError(errno.ENOSYS, "Landlock is part of Linux")
    return _call(_CREATE_RULESET, None, 0, _VERSION_FLAG)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        allowed = rights if path.is_dir() else rights & ~_READ_FOLDER
        _call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", allowed, handle), 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result: int = libc.syscall(
        ctypes.c_long(number),
        *(ctypes.c_long(value) if isinstance(value, int) else value for value in arguments),
    )
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
