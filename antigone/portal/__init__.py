"""The city's public face: the home page, and pages that combine rooms."""
