"""The one door to the city's models.

`engines.py` reads which engines the city declared; `clients.py` speaks to them. Nothing else in Antigone
speaks to a model.
"""
