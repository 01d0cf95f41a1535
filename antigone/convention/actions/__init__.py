"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.mandate import appoint, create_convention

__all__ = [
    "appoint",
    "create_convention",
]
