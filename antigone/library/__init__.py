"""The city's documents: collections, who may read them, their pages and passages, and the search over them.

A document is read in a confined child process, cut into passages that keep their page and character
positions, and indexed in the same transaction. What a person may not read is filtered inside the query.
"""
