"""Antigone: a city's own AI under its citizens' rule."""

__version__ = "0.1.0"
