"""Every change of keys, limits, engines and what was used."""

from antigone.gateway.actions.demo import load_demo_gateway
from antigone.gateway.actions.engines import load_catalogue, save_engine
from antigone.gateway.actions.keys import create_key, revoke_key
from antigone.gateway.actions.limits import set_limits
from antigone.gateway.actions.usage import erase_old_usage, roll_up_usage

__all__ = [
    "create_key",
    "erase_old_usage",
    "load_catalogue",
    "load_demo_gateway",
    "revoke_key",
    "roll_up_usage",
    "save_engine",
    "set_limits",
]
