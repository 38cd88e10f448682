"""What a run ran on: versions, platform and time zone; no user, host or path."""

import platform
from datetime import datetime
from importlib import metadata
from typing import Any

__all__ = ["describe_environment"]

_PACKAGES = ("allure-pytest", "cryptography", "hypothesis", "pyserial", "pytest", "pytest-bdd", "scapy")


def describe_environment(now: datetime) -> dict[str, Any]:
    """Return the facts; ``now`` is an aware local time and gives the zone."""
    return {
        "conformeter": _version("conformeter"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "time_zone": {"name": now.tzname(), "offset": now.strftime("%z")},
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
