"""A third-party client and the reference meter: mechanisms 5, 6 and 7, suites 0 to 2, GET, SET, ACTION and blocks.

The Gurux client runs in a process of its own (``gurux_secure_client.py``), and its output is looked at for the result
only. A missing library fails these tests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from harness.run.certificates import CertificateSettings, make_certificates

ROOT = Path(__file__).parents[2]
CLIENT = Path(__file__).with_name("gurux_secure_client.py")
METER = Path(__file__).with_name("secure_meter.py")
CLIENT_TITLE, SERVER_TITLE = "4845530000000001", "43464D0000000001"
SECRET = b"secret of management".hex()
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def key(first: int, suite: int) -> str:
    return bytes(range(first, first + (32 if suite == 2 else 16))).hex()


@contextmanager
def meter(suite: int, mechanism: int, *more: str) -> Iterator[str]:
    """A meter in its own process; its port."""
    command = [sys.executable, str(METER), "--suite", str(suite), "--mechanism", str(mechanism)]
    command += ["--unicast", key(0, suite), "--authentication", key(100, suite), "--broadcast", key(40, suite)]
    command += ["--master", key(50, suite), "--title", SERVER_TITLE, *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


def with_gurux(port: str, suite: int, mechanism: int, *more: str) -> dict[str, Any]:
    command = [sys.executable, str(CLIENT), "--host", "127.0.0.1", "--port", port, "--suite", str(suite)]
    command += ["--mechanism", str(mechanism), "--title", CLIENT_TITLE, "--encryption-key", key(0, suite)]
    command += ["--authentication-key", key(100, suite), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("suite", "mechanism", "secret"), [(0, 5, ""), (0, 6, SECRET), (1, 5, ""), (2, 5, ""), (2, 6, SECRET)]
)
def test_gurux_reads_writes_and_changes_a_key(suite: int, mechanism: int, secret: str) -> None:
    # The library wraps no keys of 32 octets.
    transfer = () if suite == 2 else ("--master-key", key(50, suite), "--new-key", key(7, suite))
    with meter(suite, mechanism, "--secret", secret) as port:
        found = with_gurux(port, suite, mechanism, "--secret", secret, *transfer)
    assert found["register"] > 0
    assert found.get("register with the new key", found["register"] if suite == 2 else None) == found["register"]
    assert found["rows"] == 192
    assert found["period"] == 900


def test_gurux_signs_its_challenge_with_certificates_of_ours(tmp_path: Path) -> None:
    settings = CertificateSettings(suite=1, out=tmp_path / "pki", client_title=CLIENT_TITLE, server_title=SERVER_TITLE)
    make_certificates(settings, datetime.now(UTC), lambda line: None)
    own = load_pem_private_key((settings.out / "server-signing.key").read_bytes(), None)
    theirs = load_pem_private_key((settings.out / "client-signing.key").read_bytes(), None)
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    assert isinstance(theirs, ec.EllipticCurvePrivateKey)
    point = theirs.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    server_point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    number = own.private_numbers().private_value.to_bytes(32, "big")
    with meter(1, 7, "--signing-key", number.hex(), "--client-public-key", point.hex()) as port:
        found = with_gurux(
            port,
            1,
            7,
            *("--signing-key", str(settings.out / "client-signing.key")),
            *("--server-public-key", server_point.hex()),
        )
    assert found["register"] > 0
