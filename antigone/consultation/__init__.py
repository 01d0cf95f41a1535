"""The online consultation: everybody can have their say on statements, and sees what unites and what divides.

For now, the pictures of consultations that were held elsewhere: the files of Polis come in, `core.opinion` draws.
"""
