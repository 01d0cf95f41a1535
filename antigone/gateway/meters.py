"""Counters of energy that this machine has: those of its processors (RAPL) and of its NVIDIA cards (NVML)."""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

POWERCAP = Path("/sys/class/powercap")
NVML = "libnvidia-ml.so.1"


class Meter(Protocol):
    """Counts energy, from some moment on."""

    def read_joules(self) -> float:
        """Return what was used since the counter began; raises OSError where it cannot be read."""


class Rapl:
    """One processor package; its counter begins again at zero now and then."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "energy_uj"
        self._range = int((folder / "max_energy_range_uj").read_text())
        self._last = int(self._path.read_text())
        self._turns = 0

    def read_joules(self) -> float:
        now = int(self._path.read_text())
        if now < self._last:
            self._turns += 1
        self._last = now
        return (self._turns * self._range + now) / 1e6


class Nvml:
    """One NVIDIA card, Volta or newer."""

    def __init__(self, library: ctypes.CDLL, handle: ctypes.c_void_p) -> None:
        self._library, self._handle = library, handle

    def read_joules(self) -> float:
        millijoules = ctypes.c_ulonglong()
        status = self._library.nvmlDeviceGetTotalEnergyConsumption(self._handle, ctypes.byref(millijoules))
        if status:
            raise OSError(status, "the card does not tell its energy")
        return millijoules.value / 1_000


def find_meters(powercap: Path = POWERCAP, nvml: str = NVML) -> list[Meter]:
    """Return the counters that can be read here: none on most virtual machines, and without the right to read them."""
    return [*_find_rapl(powercap), *_find_nvml(nvml)]


def _find_rapl(powercap: Path) -> Sequence[Meter]:
    """Return whole packages: the parts of one (`intel-rapl:0:1`) are in it already."""
    meters: list[Meter] = []
    for folder in sorted(powercap.glob("intel-rapl:*")):
        if folder.name.count(":") == 1:
            try:
                meters.append(Rapl(folder))
            except (OSError, ValueError):
                continue  # only root may read it, since 2020
    return meters


def _find_nvml(name: str) -> Sequence[Meter]:
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return []
    count = ctypes.c_uint()
    if library.nvmlInit_v2() or library.nvmlDeviceGetCount_v2(ctypes.byref(count)):
        return []
    meters: list[Meter] = []
    for index in range(count.value):
        handle = ctypes.c_void_p()
        if library.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(handle)):
            continue
        meter = Nvml(library, handle)
        try:
            meter.read_joules()
        except OSError:
            continue
        meters.append(meter)
    return meters
