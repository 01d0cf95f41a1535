"""Every change of the library: documents added, withdrawn and restored, imports, upkeep."""

from antigone.library.actions.add import About, Outcome, add_document, require_librarian
from antigone.library.actions.collections import (
    create_collection,
    create_own_collection,
    delete_own_collection,
    delete_own_document,
)
from antigone.library.actions.describe import describe_document
from antigone.library.actions.imports import (
    Upload,
    cancel_import,
    resume_import,
    resume_imports,
    run_import,
    start_import,
)
from antigone.library.actions.reading import open_reader
from antigone.library.actions.upkeep import clean_files, find_faults, rebuild_index
from antigone.library.actions.vectors import save_vectors
from antigone.library.actions.withdraw import purge_document, restore_document, withdraw_document

__all__ = [
    "About",
    "Outcome",
    "Upload",
    "add_document",
    "cancel_import",
    "clean_files",
    "create_collection",
    "create_own_collection",
    "delete_own_collection",
    "delete_own_document",
    "describe_document",
    "find_faults",
    "open_reader",
    "purge_document",
    "rebuild_index",
    "require_librarian",
    "restore_document",
    "resume_import",
    "resume_imports",
    "run_import",
    "save_vectors",
    "start_import",
    "withdraw_document",
]
