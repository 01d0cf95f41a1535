"""Energy is measured where counters are there, estimated where the model's size is known, and says which."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from antigone.core.energy import Weights
from antigone.gateway import metering
from antigone.gateway.engines import Engine
from antigone.gateway.metering import Sampler, describe, measure_call
from antigone.gateway.meters import find_meters
from antigone.gateway.snapshot import Model

HERE = Engine("Ici", "http://127.0.0.1:8000/v1", "m")
THERE = replace(HERE, url="http://10.0.0.5:8000/v1")
MODEL = Model("m", "M", "chat", engines=(HERE,), total_parameters=24.0)


class Counter:
    """A counter that the test turns."""

    def __init__(self) -> None:
        self.joules = 0.0

    def read_joules(self) -> float:
        return self.joules


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counter = Counter()
    monkeypatch.setattr(metering, "_sampler", Sampler([counter], Weights(prompt=0.0)))
    return counter


def measure(engine: Engine = HERE, model: Model = MODEL) -> metering.Impact:
    return measure_call(model, engine, prompt_tokens=50, output_tokens=100, seconds=2.0)


def test_unknown_size_is_not_guessed() -> None:
    impact = measure(model=replace(MODEL, total_parameters=None))
    assert (impact.energy_wh, impact.method) == (None, "unknown")
    assert describe(impact) == {"method": "unknown", "kWh": None, "kgCO2eq": None}


def test_estimate_says_so_and_by_what() -> None:
    told = describe(measure())
    assert (told["method"], told["source"]) == ("estimated", "EcoLogits 0.9.1")
    assert told["kWh"] == pytest.approx(8.066e-6, rel=1e-3)


def test_a_mixture_of_experts_takes_less_than_its_size() -> None:
    mixture = replace(MODEL, total_parameters=119.0, active_parameters=6.5)
    whole = replace(MODEL, total_parameters=119.0)
    assert (measure(model=mixture).energy_wh or 0) < (measure(model=whole).energy_wh or 0)


def test_what_is_measured_is_shared_by_tokens_and_adds_up(counter: Counter, settings: Settings) -> None:
    settings.PUE = 1.0
    sampler = metering._sampler
    assert sampler is not None
    sampler.sample(is_working=False)
    assert measure().method == "estimated"  # nothing is known yet of this machine
    for _second in range(10):
        counter.joules += 360.0
        sampler.sample(is_working=True)
        impacts = [measure(), measure()]
    assert {impact.method for impact in impacts} == {"measured"}
    # 360 J a second are 0.1 Wh, for two requests a second once the window is full of them.
    assert sum(impact.energy_wh or 0 for impact in impacts) == pytest.approx(0.1, rel=0.1)
    assert describe(impacts[0])["method"] == "measured"


def test_what_is_counted_while_nobody_asks_is_nobodys(counter: Counter) -> None:
    sampler = metering._sampler
    assert sampler is not None
    for _second in range(5):
        counter.joules += 10_000.0
        sampler.sample(is_working=False)
    assert not sampler.seconds


def test_engine_elsewhere_is_estimated(counter: Counter) -> None:
    assert metering._sampler is not None
    metering._sampler.wh_a_token = 1.0
    assert measure(HERE).method == "measured"
    assert measure(THERE).method == "estimated"


def test_counter_that_breaks_is_given_up(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> float:
        raise OSError("gone")

    sampler = metering._sampler
    assert sampler is not None
    sampler.wh_a_token = 1.0
    monkeypatch.setattr(counter, "read_joules", fail)
    sampler.sample(is_working=True)
    assert measure().method == "estimated"


def test_processor_counters_are_read_past_their_end(tmp_path: Path) -> None:
    package, part = tmp_path / "intel-rapl:0", tmp_path / "intel-rapl:0:0"
    for folder in (package, part):
        folder.mkdir()
        (folder / "max_energy_range_uj").write_text("1000000\n")
        (folder / "energy_uj").write_text("900000\n")
    (meter,) = find_meters(tmp_path, "no-such-library")
    assert meter.read_joules() == 0.9
    (package / "energy_uj").write_text("100000\n")
    assert meter.read_joules() == pytest.approx(1.1)


def test_machine_without_counters_has_no_meter(tmp_path: Path) -> None:
    (tmp_path / "intel-rapl:0").mkdir()
    assert find_meters(tmp_path, "no-such-library") == []


CARD = """
static unsigned long long total = 5000;
int nvmlInit_v2(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) { *handle = (void *)(long)(index + 1); return 0; }
int nvmlDeviceGetTotalEnergyConsumption(void *handle, unsigned long long *energy) {
  if (handle == (void *)2) return 3; /* an old card */
  *energy = total += 1000; return 0;
}
"""


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler: sudo apt-get install gcc")
def test_cards_are_read_by_their_own_library(tmp_path: Path) -> None:
    """The library is a small one of ours, called as NVIDIA's: no card is here."""
    (tmp_path / "card.c").write_text(CARD)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "card.so", "card.c"], cwd=tmp_path, check=True)
    (meter,) = find_meters(tmp_path, str(tmp_path / "card.so"))
    before = meter.read_joules()
    assert meter.read_joules() - before == 1.0
