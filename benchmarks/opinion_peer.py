"""Draw the picture of the peer: run by benchmarks/opinion.py in the peer's own environment.

    python benchmarks/opinion_peer.py < problem.npz

Prints the seconds of processor time of the computation alone (without start and imports), the number of groups and
the most memory held, as JSON.
"""

import io
import json
import resource
import sys
import time

import numpy as np
from reddwarf.implementations.base import run_pipeline


def main() -> None:
    """Read the problem, time the peer, print."""
    with np.load(io.BytesIO(sys.stdin.buffer.read())) as problem:
        cast = zip(*(problem[name].tolist() for name in ("voters", "voted", "votes")), strict=True)
        held = {(who, what): how for who, what, how in cast}  # it refuses votes that were changed
        votes = [
            {"participant_id": who, "statement_id": what, "vote": how, "modified": number}
            for number, ((who, what), how) in enumerate(held.items())
        ]
        out, meta = problem["rejected"].tolist(), problem["meta"].tolist()
    start = time.process_time()
    found = run_pipeline(votes=votes, mod_out_statement_ids=out, meta_statement_ids=meta, random_state=0)
    seconds = time.process_time() - start
    groups = 0 if found.clusterer is None else len(set(found.clusterer.labels_.tolist()))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "groups": groups, "memory": memory}))


if __name__ == "__main__":
    main()
