"""The vectors of passages, as an engine of the city's made them."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from antigone.library.index.vectors import pack_vector
from antigone.library.models import Passage, PassageVector


@transaction.atomic
def save_vectors(model: str, vectors: Mapping[int, Sequence[float]]) -> None:
    """Save the vector of each passage, in place of another model's; passages removed meanwhile are left out."""
    kept = Passage.objects.select_for_update().filter(pk__in=vectors.keys()).values_list("pk", flat=True)
    PassageVector.objects.bulk_create(
        [PassageVector(passage_id=pk, model=model, data=pack_vector(vectors[pk])) for pk in kept],
        update_conflicts=True,
        unique_fields=["passage"],
        update_fields=["model", "data"],
    )
