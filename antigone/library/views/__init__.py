"""The pages of the library: what everybody reads, what librarians do, search."""
