"""`antigone opinion` and `antigone consultation …`."""

from antigone.consultation.commands.opinion import opinion
from antigone.consultation.commands.transfer import consultation

__all__ = ["consultation", "opinion"]
