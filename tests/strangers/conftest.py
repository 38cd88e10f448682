"""Meters that a stranger built: what discovery makes of them, and what a person then fills in."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import cli

ROOT = Path(__file__).parents[2]
LOOP = ROOT / "devices" / "reference-loop.toml"
SECRETS = {
    "READS": "reading1",
    "MANAGES": "manage-1",
    "STRANGER_READS": "stranger-reads",
    "STRANGER_READS_1": "stranger-reads-1",
    "STRANGER_MANAGES": "stranger-manages",
}
USUAL = ("--client", "2", "--secret", "env:READS", "--client", "1", "--secret", "env:MANAGES")
KNOWN_BY_PEOPLE: tuple[str, ...] = (
    "events",
    "access",
    "limiter",
    "metrology",
    "clock",
    "privacy",
    "billing",
    "tariff",
    "audit",
)
KNOWN_BY_PEOPLE += ("collection", "effects", "bench")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person knows of a meter before discovery."""

    clients: tuple[str, ...] = USUAL
    gone: tuple[str, ...] = ()
    """Sections about objects that the meter does not show."""


STRANGERS: Mapping[str, Given] = {
    "stranger-other-saps": Given(
        clients=(
            "--client", "48,role=public",
            "--client", "49,role=reading", "--secret", "env:STRANGER_READS",
            "--client", "50,role=management", "--secret", "env:STRANGER_MANAGES",
        )
    ),
    "stranger-eight-objects": Given(gone=("access", "metrology", "audit")),
    "stranger-no-selective-access": Given(),
    "stranger-hls-only": Given(
        clients=(
            "--client", "2,mechanism=hls-md5,secret=env:STRANGER_READS_1",
            "--client", "1,mechanism=hls-sha1,secret=env:STRANGER_MANAGES",
        )
    ),
    "stranger-hdlc-blocks": Given(clients=("--protocol", "hdlc", *USUAL)),
    "stranger-slow": Given(),
}  # fmt: skip

Command = Callable[..., int]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Return a function that runs the command in this process and gives its exit code."""
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)

    def run(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["conformeter", *map(str, arguments)])
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return int(left.value.code or 0)

    return run


def filled_in(draft: str, *, gone: tuple[str, ...] = ()) -> str:
    """Return a draft with what a person would fill in: events, behaviour, effects and bench, and the log of collection.

    All of these are the reference meter's, of which the strangers are made.
    """
    known = draft[: draft.index("# ---- events")]
    if "0.0.99.98.5.255" in known:
        further = 'communication_log = { class = 7, obis = "0.0.99.98.5.255" }\n'
        further += 'collection_filter = { class = 1, obis = "0.0.94.49.10.255" }\n'
        known = known.replace("[objects]\n", f"[objects]\n{further}", 1)
    source = LOOP.read_text(encoding="utf-8")
    sections = [_section(source, name) for name in KNOWN_BY_PEOPLE if name not in gone]
    return known + "\n".join(sections)


def _section(source: str, name: str) -> str:
    found = re.search(rf"^\[{name}\]\n(?:(?!\[\w|\[\[).*\n?)*", source, re.MULTILINE)
    assert found is not None, name
    return found[0]
