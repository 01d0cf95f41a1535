"""Where style sheets, scripts and fonts are found."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Serve hashed, compressed copies once `collectstatic` made them, and the files themselves before."""

    def stored_name(self, name: str) -> str:
        """Return the name with its hash, or the plain name of a file that is not collected yet."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
