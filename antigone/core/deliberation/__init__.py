"""How people decide together: judgments, small groups, versions that can be compared and followed to their origins.

`judge` and `rank` are majority judgment on five levels; `compose_groups` spreads people over small groups, round after
round; `compare` shows what changed between two versions of a paragraph; `Ancestry` says where each version comes from,
and what became of each contribution. Pure Python and numpy; usable alone.
"""
