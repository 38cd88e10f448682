"""Pages that load nothing: finding, and taking out, what would ask an outside host when a page is opened."""

import re

__all__ = ["loads_from_outside", "without_outside_scripts"]

_OUTSIDE = r"(?:https?:)?//"
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_SOURCE_OUTSIDE = re.compile(rf"\bsrc\s*=\s*[\"']?{_OUTSIDE}", re.IGNORECASE)
_ANALYTICS = re.compile(r"\bgtag\(|\bdataLayer\b|google-?analytics|googletagmanager", re.IGNORECASE)

_LOADING = re.compile(
    rf"<(?:script|img|iframe|frame|embed|source|audio|video|track|input|object|link|image|use|base)\b[^>]*?"
    rf"\b(?:src|href|data|srcset|poster)\s*=\s*[\"']?(?P<address>{_OUTSIDE}[^\s\"'>]+)",
    re.IGNORECASE,
)
_STYLE_LOADING = re.compile(rf"(?:@import\s+|url\(\s*)[\"']?(?P<address>{_OUTSIDE}[^\s\"')]+)", re.IGNORECASE)
_SMALL_SCRIPT_OCTETS = 4096
"""The page's own application is larger by far and is never an analytics snippet."""


def without_outside_scripts(html: str) -> str:
    """Return the page without scripts that are loaded from a host and without snippets of web analytics."""

    def keep(script: re.Match[str]) -> str:
        attributes, body = script.groups()
        outside = _SOURCE_OUTSIDE.search(attributes)
        analytics = len(body) < _SMALL_SCRIPT_OCTETS and _ANALYTICS.search(body)
        return "" if outside or analytics else script.group()

    return _SCRIPT.sub(keep, html)


def loads_from_outside(html: str) -> list[str]:
    """Return the addresses that opening the page would load; links for people to follow are none."""
    markup = _SCRIPT.sub(lambda script: f"<script{script.group(1)}></script>", html)
    found = [match.group("address") for match in _LOADING.finditer(markup)]
    return found + [match.group("address") for match in _STYLE_LOADING.finditer(markup)]
