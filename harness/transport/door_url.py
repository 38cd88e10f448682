"""The URL of a door and the strict reading of its query.

``tcp://host:4059``, ``serial:///dev/ttyUSB0?baud=9600``, ``impaired+tcp://host:4059?delay=0.1``: a scheme,
perhaps a wrapped scheme behind ``+``, a location and a query. A key may stand once; a key that nobody asked
for is an error that names what is allowed.
"""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.errors import UsageError

__all__ = ["DoorUrl", "QueryReader"]

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9.-]*)(\+(?P<inner>[a-z][a-z0-9.+-]*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorUrl:
    """A parsed URL; whether its parts make sense is for the scheme's opener to say."""

    text: str
    """The URL as it was written, for messages."""
    scheme: str
    """What chooses the opener."""
    inner_scheme: str = ""
    """What stands behind the first ``+``, or nothing."""
    location: str
    """All between ``://`` and ``?``, percent-decoded."""
    query: tuple[tuple[str, str], ...] = ()
    """Keys and values in the order of the URL, each key once."""
    outer_keys: tuple[str, ...] = ()
    """Keys that a wrapping scheme took for itself; messages about unknown keys name them too."""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Split ``url``; raises ``UsageError`` where it has no scheme or its query is malformed."""
        scheme, separator, rest = url.partition("://")
        match = _SCHEME.fullmatch(scheme)
        if not separator or match is None:
            raise UsageError(f"{url!r} is no door URL; expected scheme://location?key=value, e.g. tcp://host:4059")
        location, _, query = rest.partition("?")
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
        except ValueError:
            raise UsageError(f"{url}: query {query!r} is not of the form key=value&key=value") from None
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                raise UsageError(f"{url}: key {key!r} stands more than once; allowed once")
        return cls(
            text=url,
            scheme=match["scheme"],
            inner_scheme=match["inner"] or "",
            location=unquote(location),
            query=tuple(pairs),
        )

    def host_port(self) -> tuple[str, int]:
        """Return host and port of a network door; IPv6 literals stand in brackets."""
        try:
            parts = urlsplit(f"//{self.location}", allow_fragments=False)
            host, port, user = parts.hostname, parts.port, parts.username
        except ValueError:
            host = port = user = None
            parts = None
        if parts is None or not host or not port or user is not None or parts.path or parts.query:
            raise UsageError(
                f"{self.text}: location {self.location!r} must be host:port with a port from 1 to 65535, "
                "an IPv6 address in brackets"
            )
        return host, port

    def inner(self, query: tuple[tuple[str, str], ...], taken: tuple[str, ...]) -> "DoorUrl":
        """Return the URL that this one wraps, with what is left of the ``query`` after keys were ``taken``."""
        if not self.inner_scheme:
            raise UsageError(f"{self.text}: scheme {self.scheme} wraps another, e.g. {self.scheme}+tcp://host:4059")
        scheme, _, rest = self.inner_scheme.partition("+")
        outer_keys = self.outer_keys + taken
        return replace(self, scheme=scheme, inner_scheme=rest, query=query, outer_keys=outer_keys)


class QueryReader:
    """Reads the query of a URL key by key; ``finish`` refuses what was not asked for."""

    def __init__(self, url: DoorUrl) -> None:
        self._url = url
        self._left = dict(url.query)
        self._asked: list[str] = []

    def text(self, key: str) -> str | None:
        """Return the value of ``key``, or None where it is absent."""
        self._asked.append(key)
        return self._left.pop(key, None)

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """Return one of the ``allowed`` values."""
        value = self.text(key)
        if value is None:
            return default
        if value not in allowed:
            raise self._wrong(key, value, ", ".join(allowed))
        return value

    def integer(self, key: str, lowest: int, highest: int, default: int) -> int:
        """Return a decimal number from ``lowest`` to ``highest``."""
        value = self.text(key)
        if value is None:
            return default
        if not re.fullmatch(r"-?[0-9]{1,18}", value) or not lowest <= int(value) <= highest:
            raise self._wrong(key, value, f"a whole number from {lowest} to {highest}")
        return int(value)

    def number(self, key: str, lowest: float, highest: float, default: float = 0.0) -> float:
        """Return a number from ``lowest`` to ``highest``."""
        value = self.text(key)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not lowest <= number <= highest:
            raise self._wrong(key, value, f"a number from {lowest:g} to {highest:g}")
        return number

    def _wrong(self, key: str, value: str, allowed: str) -> UsageError:
        return UsageError(f"{self._url.text}: key {key!r} has the value {value!r}; allowed: {allowed}")

    def rest(self) -> tuple[tuple[str, str], ...]:
        """Return what nobody asked for yet; it is somebody else's to judge."""
        return tuple(self._left.items())

    def finish(self) -> None:
        """Raise ``UsageError`` for a wrapped scheme or a key that this scheme does not know."""
        if self._url.inner_scheme:
            raise UsageError(
                f"{self._url.text}: scheme {self._url.scheme} wraps no other scheme; "
                f"allowed before +{self._url.inner_scheme}: impaired"
            )
        for key in self._left:
            allowed = ", ".join(sorted({*self._asked, *self._url.outer_keys})) or "no key at all"
            raise UsageError(f"{self._url.text}: unknown key {key!r} for scheme {self._url.scheme}; allowed: {allowed}")
