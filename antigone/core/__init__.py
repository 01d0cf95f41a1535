"""Pure Python: no Django, no network, no clock, no hidden randomness. No library here imports another."""
