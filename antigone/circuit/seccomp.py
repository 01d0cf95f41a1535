"""A process that gives up the network for good, for itself and for every program it starts.

seccomp filters the calls a process makes to the Linux kernel. The filter here refuses every socket (TCP,
UDP, DNS, raw, UNIX), what could stand in for one (io_uring), and what reaches into other processes. It
cannot be taken back. Linux on x86_64 and aarch64.
"""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1  # threads that already run are filtered too
_X32_BIT = 0x40000000  # on x86_64, the numbers of a second, parallel set of calls

# Classic BPF: operations, and what a filter may answer (linux/bpf_common.h, linux/seccomp.h)
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_GREATER_OR_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_OFFSET_OF_NUMBER, _OFFSET_OF_ARCHITECTURE = 0, 4  # in struct seccomp_data


@dataclass(frozen=True, slots=True)
class Architecture:
    """The numbers that one kind of processor gives to the calls of the kernel."""

    audit_value: int
    seccomp: int
    refused: tuple[int, ...]  # socket, socketpair, ptrace, process_vm_readv and writev, bpf, pidfd_getfd
    unknown: tuple[int, ...] = (425, 426, 427)  # io_uring_setup, enter, register: answered "not implemented"


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, 317, (41, 53, 101, 310, 311, 321, 438)),
    "aarch64": Architecture(0xC00000B7, 277, (198, 199, 117, 270, 271, 280, 438)),
}


def deny_network() -> None:
    """Refuse every socket to this process, its threads and its children, from now on.

    Raises ``OSError`` where the kernel or the processor does not offer it.
    """
    architecture = ARCHITECTURES.get(platform.machine()) if platform.system() == "Linux" else None
    if architecture is None:
        raise OSError(errno.ENOSYS, f"no filter for {platform.system()} on {platform.machine()}")
    program = build_filter(architecture)
    instructions = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions))
    forbid_new_privileges()
    libc = ctypes.CDLL(None, use_errno=True)
    status = libc.syscall(
        ctypes.c_long(architecture.seccomp),
        ctypes.c_ulong(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_ulong(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.create_string_buffer(pointer, len(pointer)),
    )
    if status:
        raise OSError(ctypes.get_errno(), "seccomp was refused")


def forbid_new_privileges() -> None:
    """Let no program started from here gain rights (setuid…); the kernel asks this of who filters itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, *(ctypes.c_ulong(value) for value in (1, 0, 0, 0))):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def build_filter(architecture: Architecture) -> bytes:
    """Write the filter as a BPF program, 8 bytes an instruction; each test falls to the next one.

    >>> len(build_filter(ARCHITECTURES["x86_64"])) % 8
    0
    """
    program = [
        _instruct(_LOAD, _OFFSET_OF_ARCHITECTURE),
        *_answer_if(_JUMP_IF_EQUAL, architecture.audit_value, _KILL_PROCESS, negated=True),
        _instruct(_LOAD, _OFFSET_OF_NUMBER),
        *_answer_if(_JUMP_IF_GREATER_OR_EQUAL, _X32_BIT, _KILL_PROCESS),
    ]
    for number in architecture.refused:
        program += _answer_if(_JUMP_IF_EQUAL, number, _ERROR | errno.EACCES)
    for number in architecture.unknown:
        program += _answer_if(_JUMP_IF_EQUAL, number, _ERROR | errno.ENOSYS)
    return b"".join([*program, _instruct(_RETURN, _ALLOW)])


def _answer_if(test: int, value: int, answer: int, *, negated: bool = False) -> list[bytes]:
    """Test the loaded word; answer if the test holds (or fails, ``negated``), else go on after."""
    skips = (1, 0) if negated else (0, 1)
    return [_instruct(test, value, *skips), _instruct(_RETURN, answer)]


def _instruct(operation: int, value: int, skip_if_true: int = 0, skip_if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, skip_if_true, skip_if_false, value)
