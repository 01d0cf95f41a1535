"""What the gateway keeps: passports and engines, keys and limits, what was used, files and batches."""

from antigone.gateway.models.batches import Batch, BatchFile
from antigone.gateway.models.engines import DeclaredEngine, Kind, Passport
from antigone.gateway.models.keys import Endpoint, Key, Limit, Revision
from antigone.gateway.models.usage import Allowance, HourlyUsage, Spool, Usage

__all__ = [
    "Allowance",
    "Batch",
    "BatchFile",
    "DeclaredEngine",
    "Endpoint",
    "HourlyUsage",
    "Key",
    "Kind",
    "Limit",
    "Passport",
    "Revision",
    "Spool",
    "Usage",
]
