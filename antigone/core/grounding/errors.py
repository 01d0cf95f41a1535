"""What can go wrong when an answer is grounded.

GroundingError
├── DuplicateSourceError   two sources have the same key
└── StreamClosedError      text was fed to a stream that had ended
"""


class GroundingError(Exception):
    """Root of this library's errors; ``code`` and ``params`` let the interface translate them."""

    code = "grounding_error"

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message)
        self.params = params


class DuplicateSourceError(GroundingError):
    """Two sources have one key: a citation could not say which it means."""

    code = "duplicate_source"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"Two sources have the key “{key}”. Give each retrieved passage its own key.", key=key
        )


class StreamClosedError(GroundingError):
    """The stream was closed: its last sentence was told already."""

    code = "stream_closed"

    def __init__(self) -> None:
        super().__init__("This stream of sentences is closed. Open a new one for another answer.")
