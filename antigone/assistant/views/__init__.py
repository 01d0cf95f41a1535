"""Pages of the assistant. A visitor's questions are answered and forgotten; a person's are kept and shown."""
