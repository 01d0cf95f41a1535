"""The open consultation: a question, statements that everybody may vote on and add to, and what unites and divides.

Votes without an account, one at a time (`door`, `writer`); what participants write is moderated in public; a picture
of opinions (`core.opinion`) is kept up while votes come in, and a report frozen with the fingerprint of its data.
"""
