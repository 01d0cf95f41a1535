"""A citizens' convention: mandate, members, sessions, hearings, proposals, votes, avis, answers.

What is public is public under pseudonyms; every paragraph leads back to the words it comes from, every adopted
proposal forward to the answer of an elected official. Guarantors can freeze it; a closed phase takes no writing.
"""
