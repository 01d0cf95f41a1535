"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.demo import load_demo_conventions
from antigone.convention.actions.mandate import appoint, create_convention
from antigone.convention.actions.reconstructions import Imported, delete_reconstruction, import_convention

__all__ = [
    "Imported",
    "appoint",
    "create_convention",
    "delete_reconstruction",
    "import_convention",
    "load_demo_conventions",
]
