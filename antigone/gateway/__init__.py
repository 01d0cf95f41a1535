"""The one door to the city's models, for the assistant's pages and for the programmes of organisations.

A request goes one way: known → allowed → limits → privacy → charter → engine → usage (`guards.py`, `calls.py`).
`api/` speaks as OpenAI does; `clients.py` alone speaks to engines. Nothing else in Antigone speaks to a model.
"""
