"""Where a served meter listens: sockets, pseudo terminals and port servers, by URL."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["CONTROL_FORMS", "FORMS", "PUSH_FORMS", "ListenUrl"]

FORMS = (
    "tcp://host:port",
    "udp://host:port",
    "hdlc+tcp://host:port",
    "mbus+tcp://host:port",
    "pty:///path",
    "optical+pty:///path",
    "optical+rfc2217://host:port",
    "p1+pty:///path",
    "p1+rfc2217://host:port",
    "han+pty:///path",
    "hdlc+rfc2217://host:port",
    "mbus+rfc2217://host:port",
)
CONTROL_FORMS = ("tcp://host:port",)
PUSH_FORMS = ("tcp://host:port", "udp://host:port")

_DOORS = {"tcp": "wrapper", "udp": "wrapper-udp", "hdlc+tcp": "hdlc", "mbus+tcp": "mbus", "pty": "hdlc"}
_DOORS |= {"p1+pty": "p1", "p1+rfc2217": "p1", "han+pty": "han"}
_DOORS |= {"hdlc+rfc2217": "hdlc", "mbus+rfc2217": "mbus"}
_DOORS |= dict.fromkeys(("optical+pty", "optical+rfc2217"), "iec62056_21")
_HIGHEST_PORT = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenUrl:
    """One place to listen at."""

    scheme: str
    host: str = ""
    port: int = 0
    """0 takes any free port."""
    path: Path | None = None
    """Where the link to a pseudo terminal is put."""

    @property
    def door(self) -> str:
        """What runs there."""
        return _DOORS[self.scheme]

    @classmethod
    def parse(cls, text: str, forms: tuple[str, ...] = FORMS) -> "ListenUrl":
        """Read a URL; ValueError names it and the forms allowed."""
        wrong = ValueError(f"cannot listen at {text!r}; allowed: {', '.join(forms)}")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise wrong from None
        if parts.scheme not in {form.partition("://")[0] for form in forms} or parts.query or parts.fragment:
            raise wrong
        if parts.scheme.endswith("pty"):
            if parts.netloc or len(parts.path) < 2:
                raise wrong
            return cls(scheme=parts.scheme, path=Path(parts.path))
        if not parts.hostname or port is None or parts.path or parts.username is not None:
            raise wrong
        return cls(scheme=parts.scheme, host=parts.hostname, port=port)

    def shifted(self, by: int) -> "ListenUrl":
        """The place of another meter: so many ports further; ValueError where there is none."""
        if by == 0:
            return self
        if self.path is not None:
            raise ValueError(f"{self} is for one meter only")
        if not 0 < self.port <= _HIGHEST_PORT - by:
            raise ValueError(f"{self} leaves no room for {by} more ports")
        return replace(self, port=self.port + by)

    def __str__(self) -> str:
        if self.path is not None:
            return f"{self.scheme}://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"
