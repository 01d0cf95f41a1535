"""Questions answered from the library, each sentence checked against the passage it comes from.

An engine proposes (the extractive one without any model, or a model of the city's); `core.grounding`
verifies; what cannot be verified is said to be so.
"""
