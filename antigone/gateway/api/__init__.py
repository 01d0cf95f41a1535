"""`/v1`: a small Starlette application beside Django, which speaks as OpenAI does."""
