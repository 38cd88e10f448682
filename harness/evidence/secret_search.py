"""The last look at what a run leaves: no key of it may stand in any file."""

import base64
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["search_for_secrets", "spellings"]

_SHORTEST_OCTETS = 8
"""Shorter secrets would be found by chance."""
_BASE64_GROUP = 3
"""So many octets make four characters: within longer data a secret begins at one of these places of a group."""


def search_for_secrets(folder: Path, secrets: Sequence[bytes]) -> list[str]:
    """Return a sentence for each file that holds a secret as octets, as text, as hex or as base64; also inside zips."""
    sought = {spelling for secret in secrets if len(secret) >= _SHORTEST_OCTETS for spelling in spellings(secret)}
    if not sought:
        return []
    return [
        f"{name} holds a secret of the declaration; do not pass this run folder on"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, octets in _contents(str(path.relative_to(folder)), path.read_bytes())
        if any(spelling in octets for spelling in sought)
    ]


def _contents(name: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file, and what is packed into it, with names."""
    yield name, octets
    if not zipfile.is_zipfile(io.BytesIO(octets)):
        return
    with zipfile.ZipFile(io.BytesIO(octets)) as packed:
        for member in packed.namelist():
            yield from _contents(f"{name}/{member}", packed.read(member))


def spellings(secret: bytes) -> set[bytes]:
    """Return the ways in which a secret may be written."""
    plain = secret.hex()
    spaced = secret.hex(" ")
    found = {secret, plain.encode(), plain.upper().encode(), spaced.encode(), spaced.upper().encode()}
    return found | {_within_base64(secret, before) for before in range(_BASE64_GROUP)}


def _within_base64(secret: bytes, before: int) -> bytes:
    """Return the characters that are the secret's alone where ``before`` octets of a group come before it."""
    encoded = base64.b64encode(bytes(before) + secret)
    return encoded[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]
