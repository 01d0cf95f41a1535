"""The pages of recruitments: what everybody reads, what facilitators and callers do, what those invited answer."""
