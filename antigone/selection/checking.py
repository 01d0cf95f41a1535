"""The checks of a draw's files, one by one. Runs alone, without a database:

    python -m antigone.selection.checking < files.json

reads {name: base64} and writes what each check of `core.sortition.verification` found.
"""

import json
import resource
import sys
from base64 import b64decode
from typing import Any

from antigone.core.sortition.verification import verify_files
from antigone.selection.phrases import keep_params

MEMORY_BYTES = 4_000_000_000


def check_files(files: dict[str, bytes]) -> list[tuple[str, str, dict[str, Any]]]:
    """Give the name, the result and the parameters of each check; never raises on what strangers send."""
    report = verify_files(files)
    return [(check.name, check.result, keep_params(check.params)) for check in report.checks]


def main() -> None:
    """Answer one request, within limited memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    files = {name: b64decode(data) for name, data in json.load(sys.stdin).items()}
    json.dump(check_files(files), sys.stdout)


if __name__ == "__main__":
    main()
