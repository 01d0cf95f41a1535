"""A process that adds documents until it is killed; it prints the number of each one once it is saved.

    python -m tests.library.crashing <name of the collection>

`ANTIGONE_DATA` names the folder of the database.
"""

import itertools
import os
import random
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
    import django

    django.setup()
    from django.db import transaction

    from antigone.library.index import remove_passages
    from antigone.library.models import Collection
    from tests.library.written import write_document

    collection = Collection.objects.get(slug=sys.argv[1])
    for round_number in itertools.count():
        with transaction.atomic():
            texts = [f"La piscine numéro {round_number} ouvre, page {page}." for page in range(20)]
            document = write_document(collection, f"Document {os.getpid()}", *texts)
            if random.random() < 0.3:
                remove_passages([document.pk])
        print(document.pk, flush=True)


if __name__ == "__main__":
    main()
