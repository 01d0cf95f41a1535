"""The pages of the draws: what everybody reads, what facilitators do."""
