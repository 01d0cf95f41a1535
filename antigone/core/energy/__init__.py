"""Tokens, watts and seconds → the energy and the carbon of one request, by a formula that is published.

`estimate` where nothing can be measured, `share` where the energy of the machine can; what is returned says which.
"""

from antigone.core.energy.estimation import Estimate, Place, estimate
from antigone.core.energy.sharing import Weights, share

__all__ = ["Estimate", "Place", "Weights", "estimate", "share"]
