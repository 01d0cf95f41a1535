"""Tokens, watts and seconds → the energy and the carbon of one request, by a formula that is published."""
