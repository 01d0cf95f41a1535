"""The closed circuit: what reads foreign bytes is confined, and nothing leaves but to what the city declared."""
