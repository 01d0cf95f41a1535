"""French text → terms; rankings → one ranking.

An index stores what `terms` makes of each passage, answers a pruned question (`query`, `spelling`) with its
best hundred candidates, and `ranking` orders these as people would.
Nothing here reads a file or knows an index.
"""
