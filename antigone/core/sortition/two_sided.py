from antigone.core.sortition.errors import SolverGaveUp
def solve_two_sided(types, found, seed, budget, levels):
    raise SolverGaveUp(task="x", status="y")
