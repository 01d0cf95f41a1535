"""Who sits: a pool and its targets, the chances of everybody, a public draw that anybody can check.

People who said yes and the targets of the panel come in; the diagnosis names targets that conflict; the engine of
`core.sortition` gives everybody the fairest chance there is, with its proof; a draw is committed to before the
randomness is known. What is published says nothing of who was in the pool.
"""
