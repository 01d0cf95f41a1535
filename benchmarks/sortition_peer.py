"""Find the maximin of the peer: run by benchmarks/sortition.py in the peer's own environment.

    python benchmarks/sortition_peer.py BACKEND < problem.json

Prints the processor seconds of the computation alone (without start and imports) and the smallest probability, as JSON.
"""

import json
import sys
import time

from sortition_algorithms import features, people, settings
from sortition_algorithms.committee_generation import find_distribution_maximin


def main() -> None:
    """Read the problem, time the peer, print."""
    backend, problem = sys.argv[1], json.load(sys.stdin)
    rows, body = problem["targets"], problem["people"]
    collection, _, _ = features.read_in_features(list(rows[0]), rows)
    chosen = settings.Settings(id_column="id", columns_to_keep=[], solver_backend=backend)
    everybody, _ = people.read_in_people(list(body[0]), body, collection, chosen)
    start = time.process_time()
    panels, weights, _ = find_distribution_maximin(
        collection, everybody, problem["size"], problem["address"], solver_backend=backend
    )
    seconds = time.process_time() - start
    chances = {person["id"]: 0.0 for person in body}
    for panel, weight in zip(panels, weights, strict=True):
        for name in panel:
            chances[name] += weight
    print(json.dumps({"seconds": seconds, "minimum": min(chances.values())}))


if __name__ == "__main__":
    main()
