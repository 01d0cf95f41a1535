"""Estimates are those of EcoLogits 0.9.1 itself, made once with the package; they grow with what was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.energy import estimate

# Billions of active and of all parameters, tokens, seconds → kWh, kg of use, kg of making, litres
# (compute_llm_impacts_dag, France, PUE 1.2, WUE 0.6).
ROWS = [
    (23.97, 23.97, 1, 0.05, 1.04076259e-07, 4.59808911e-09, 7.23792518e-09, 5.21259698e-07),
    (109.34, 109.34, 700, 0.4, 0.000346621026, 1.53137169e-05, 2.31613606e-07, 0.00173603061),
    (0.92, 0.92, 17, 0.05, 8.76546602e-07, 3.87258289e-08, 7.23792518e-09, 4.39013106e-06),
    (12.39, 117.2, 17, 600, 6.42459445e-06, 2.83838583e-07, 4.7095643e-07, 3.21771958e-05),
    (1.02, 1.02, 17, 0.05, 8.77708206e-07, 3.87771485e-08, 7.23792518e-09, 4.39594889e-06),
    (127.53, 127.53, 17, 600, 1.59247905e-05, 7.03557245e-07, 1.23997126e-06, 7.97583578e-05),
    (3.04, 3.04, 4096, 0.4, 0.000208030325, 9.19077976e-06, 5.79034014e-08, 0.0010419074),
    (0.66, 3.05, 700, 0.05, 3.4399342e-05, 1.51976293e-06, 7.23792518e-09, 0.00017228704),
    (369.33, 369.33, 4096, 600, 0.0272261456, 0.00120285111, 0.00138968163, 0.136360517),
    (25.33, 25.33, 256, 2.5, 1.88345438e-05, 8.32110146e-07, 3.61896259e-07, 9.43316827e-05),
    (8.55, 8.55, 17, 0.05, 9.65177012e-07, 4.26415204e-08, 7.23792518e-09, 4.83403115e-06),
    (388.82, 388.82, 100, 30, 0.000877903275, 3.87857667e-05, 6.94840817e-05, 0.00439692588),
    (9.2, 9.2, 700, 30, 6.1882527e-05, 2.73397004e-06, 4.34275511e-06, 0.000309934923),
    (7.36, 7.36, 256, 30, 2.26242612e-05, 9.99539859e-07, 1.64653662e-06, 0.000113312255),
    (1.09, 1.09, 700, 600, 5.6537682e-05, 2.49783479e-06, 4.07116133e-06, 0.000283165588),
    (21.3, 21.3, 256, 600, 2.69543836e-05, 1.19084467e-06, 1.99704815e-06, 0.000134999413),
    (63.96, 63.96, 100, 30, 3.14106846e-05, 1.38772404e-06, 2.39820622e-06, 0.000157318529),
    (116.67, 616.27, 700, 30, 0.00362516006, 0.000160159571, 0.000138968163, 0.0181563966),
    (1.94, 9.39, 256, 2.5, 1.47430727e-05, 6.51348953e-07, 3.61896259e-07, 7.38397951e-05),
    (7.16, 7.16, 17, 2.5, 1.49826685e-06, 6.61934293e-08, 1.09006374e-07, 7.50397961e-06),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_estimate_is_that_of_ecologits(row: tuple[float, ...]) -> None:
    active, total, tokens, seconds, kwh, used_kg, made_kg, litres = row
    found = estimate(
        active_parameters=active, total_parameters=total, output_tokens=int(tokens), seconds=seconds
    )
    assert found.energy_wh == pytest.approx(kwh * 1_000, rel=1e-6)
    assert found.carbon_g == pytest.approx(used_kg * 1_000, rel=1e-6)
    assert found.embodied_g == pytest.approx(made_kg * 1_000, rel=1e-6)
    assert found.water_l == pytest.approx(litres, rel=1e-6)


@given(
    size=st.floats(0.1, 1_000),
    tokens=st.integers(0, 100_000),
    more=st.integers(1, 1_000),
    seconds=st.floats(0, 1_000),
)
def test_more_tokens_never_take_less(size: float, tokens: int, more: int, seconds: float) -> None:
    def energy(count: int) -> float:
        return estimate(
            active_parameters=size, total_parameters=size, output_tokens=count, seconds=seconds
        ).energy_wh

    assert 0 <= energy(tokens) < energy(tokens + more)


@pytest.mark.parametrize("given_", [(0, 1, 1, 1), (-1, 1, 1, 1), (2, 1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1)])
def test_what_cannot_be_is_refused(given_: tuple[float, ...]) -> None:
    active, total, tokens, seconds = given_
    with pytest.raises(ValueError, match=r"."):
        estimate(active_parameters=active, total_parameters=total, output_tokens=int(tokens), seconds=seconds)
