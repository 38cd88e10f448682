"""The text of a declaration without its secrets, for the run folder."""

import re
import tomllib
from collections.abc import Iterable

from harness.declaration.place import scan
from harness.declaration.secret import SECRET_KEYS, Secret
from harness.errors import DeclarationError

__all__ = ["without_secrets"]

_SHORTEST_SEARCHED = 4
_LITERAL = re.compile(r"\b(?:text|hex):[^\"'\s]+")


def without_secrets(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Replace secrets in ``text``, a valid declaration's TOML, by ``withheld:N`` with N their length in octets.

    Literal secrets always go. A reference goes where it belongs to one of ``secrets`` that can be fetched,
    so that a replay needs no secret; else it stays, since it shows nothing. Comments lose what looks like
    a secret of this declaration.
    """
    scanned = scan(text)
    known = list(secrets)
    spans: list[tuple[int, int, str]] = []
    shown: set[str] = set()
    for path, place in scanned.places.items():
        if not path or path[-1] not in SECRET_KEYS or text[place.start] not in "\"'":
            continue
        reference = tomllib.loads(f"value = {text[place.start : place.end]}")["value"]
        octets = _octets_of(reference, known)
        if octets is not None:
            spans.append((place.start, place.end, f'"withheld:{len(octets)}"'))
            shown |= _spellings(reference, octets)
    for start, end in scanned.comments:
        spans.append((start, end, _cleaned(text[start:end], shown)))
    for start, end, replacement in sorted(spans, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _octets_of(reference: str, known: Iterable[Secret]) -> bytes | None:
    """The octets to withhold, or None where the reference may stay."""
    secret = Secret(reference)
    if secret.is_withheld:
        return None
    if secret.is_literal:
        return secret.reveal()
    for candidate in known:
        if candidate.refers_to(reference):
            try:
                return candidate.reveal()
            except DeclarationError:
                return None
    return None


def _spellings(reference: str, octets: bytes) -> set[str]:
    words = {reference.partition(":")[2], octets.hex(), octets.hex().upper(), octets.decode("latin-1")}
    return {word for word in words if len(word) >= _SHORTEST_SEARCHED}


def _cleaned(comment: str, shown: Iterable[str]) -> str:
    for word in shown:
        comment = comment.replace(word, "*" * len(word))
    return _LITERAL.sub("withheld", comment)
