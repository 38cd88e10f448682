"""A key of filling octets says nothing where it is found."""

from pathlib import Path

import pytest

from harness.declaration import parse_declaration
from harness.evidence.trace import Trace
from harness.run.plain_key import has_plain_key

IDENTITY = {"name": "x", "manufacturer": "M", "type": "T", "serial": "1", "firmware": "1", "medium": "electricity"}


@pytest.mark.parametrize(
    ("key", "plain"), [("00" * 16, True), ("0102" * 8, True), ("000102030405060708090A0B0C0D0E0F", False)]
)
def test_key_with_few_different_octets_is_plain(key: str, plain: bool, tmp_path: Path) -> None:
    declaration = parse_declaration(
        {
            "schema": 1,
            "test_keys": True,
            "identity": IDENTITY,
            "doors": [{"id": "wan", "protocol": "wrapper", "url": "tcp://192.0.2.1:4059"}],
            "objects": {"logical_device_name": {"class": 1, "obis": "0.0.42.0.0.255"}},
            "associations": [
                {
                    "id": "reading",
                    "role": "reading",
                    "client_sap": 2,
                    "mechanism": "hls-gmac",
                    "context": "ln-ciphered",
                    "security": {
                        "client_system_title": "4845530000000001",
                        "encryption_key": f"hex:{key}",
                        "authentication_key": "hex:D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF",
                    },
                },
                {"id": "lls", "role": "other", "client_sap": 3, "mechanism": "lls", "secret": "text:00000000"},
            ],
        },
        name="x",
        check_url=lambda url, protocol: None,
    )
    with Trace(tmp_path / "trace.jsonl") as trace:
        assert has_plain_key(declaration, trace) is plain
