from collections.abc import Callable
from pathlib import Path

import pytest

from harness.declaration import Declaration, load_declaration

BASE = """\
schema = 1
test_keys = true

[identity]
name = "tiny"
manufacturer = "M"
type = "T"
serial = "77"
firmware = "1"
medium = "electricity"

[[doors]]
id = "wan"
protocol = "wrapper"
url = "tcp://192.0.2.1:4059"

[[doors]]
id = "optical"
protocol = "hdlc"
url = "loop://tiny"

[doors.hdlc]
address_octets = 2
physical_device = 17

[[associations]]
id = "reading"
role = "reading"
client_sap = 2
mechanism = "lls"
secret = "text:hush-hush"

[objects]
logical_device_name = { class = 1, obis = "0.0.42.0.0.255" }
energy_import_tariffs = [
    { class = 3, obis = "1.0.1.8.1.255" },
    { class = 3, obis = "1.0.1.8.2.255" },
]
load_profile = { class = 7, obis = "1.0.99.1.0.255" }

[profiles.load_profile]
period_s = 900
entries = 960

[answers]
unknown_object = ["dar:4"]
"""

Load = Callable[[str], Declaration]


def any_url(url: str, protocol: str) -> None:
    """A judge of URLs that takes all."""


@pytest.fixture
def base() -> str:
    return BASE


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write a declaration to ``device.toml`` and load it; any URL is taken."""

    def load_text(text: str) -> Declaration:
        path = tmp_path / "device.toml"
        path.write_text(text, encoding="utf-8")
        return load_declaration(path, check_url=any_url)

    return load_text


@pytest.fixture
def tiny(load: Load) -> Declaration:
    return load(BASE)
