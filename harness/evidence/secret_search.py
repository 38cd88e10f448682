"""The last look at what a run leaves: no key of it may stand in any file."""

import base64
from collections.abc import Sequence
from pathlib import Path

__all__ = ["search_for_secrets"]

_SHORTEST_OCTETS = 8
"""Shorter secrets would be found by chance."""


def search_for_secrets(folder: Path, secrets: Sequence[bytes]) -> list[str]:
    """Return a sentence for each file that holds a secret as octets, as text, as hex or as base64."""
    spellings = set()
    for secret in secrets:
        if len(secret) >= _SHORTEST_OCTETS:
            spellings |= {secret, secret.hex().encode(), secret.hex().upper().encode(), secret.hex(" ").encode()}
            spellings |= {secret.hex(" ").upper().encode(), base64.b64encode(secret)}
    if not spellings:
        return []
    return [
        f"{path.relative_to(folder)} holds a secret of the declaration; do not pass this run folder on"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(spelling in octets for octets in (path.read_bytes(),) for spelling in spellings)
    ]
