"""Key agreement, key derivation and signatures against the openssl command: P-256 and P-384."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from harness.protocol.security import (
    SUITES,
    SuiteId,
    agreed_key,
    check_signature,
    shared_secret,
    sign,
    static_party,
)

SUITE_IDS = [SuiteId.ECDH_ECDSA_AES_GCM_128, SuiteId.ECDH_ECDSA_AES_GCM_256]
CURVES = {SuiteId.ECDH_ECDSA_AES_GCM_128: "P-256", SuiteId.ECDH_ECDSA_AES_GCM_256: "P-384"}
DIGESTS = {SuiteId.ECDH_ECDSA_AES_GCM_128: "SHA256", SuiteId.ECDH_ECDSA_AES_GCM_256: "SHA384"}
ALGORITHMS = {
    SuiteId.ECDH_ECDSA_AES_GCM_128: "60857405080300",
    SuiteId.ECDH_ECDSA_AES_GCM_256: "60857405080301",
}
CLIENT, SERVER = "4845530000000001", "43464D0000000001"


def openssl(*arguments: str | Path) -> bytes:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def key_of(folder: Path, name: str, suite: SuiteId) -> ec.EllipticCurvePrivateKey:
    """Have openssl make a key pair and return it; the files are ``name.key`` and ``name.pub``."""
    path = folder / f"{name}.key"
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{CURVES[suite]}", "-out", path)
    openssl("pkey", "-in", path, "-pubout", "-out", folder / f"{name}.pub")
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


@pytest.mark.parametrize("suite", SUITE_IDS)
def test_shared_secret_and_the_key_that_comes_of_it(tmp_path: Path, suite: SuiteId) -> None:
    ours, theirs = key_of(tmp_path, "ours", suite), key_of(tmp_path, "theirs", suite)
    due = openssl("pkeyutl", "-derive", "-inkey", tmp_path / "theirs.key", "-peerkey", tmp_path / "ours.pub")
    secret = shared_secret(ours, theirs.public_key())
    assert secret == due
    originator = static_party(bytes.fromhex(CLIENT), bytes.fromhex("0000000000000007"))
    information = ALGORITHMS[suite] + CLIENT + "080000000000000007" + SERVER
    derived = openssl(
        *("kdf", "-keylen", str(SUITES[suite].key_octets), "-binary"),
        *("-kdfopt", f"digest:{DIGESTS[suite]}", "-kdfopt", f"hexkey:{secret.hex()}"),
        *("-kdfopt", f"hexinfo:{information}", "SSKDF"),
    )
    made = agreed_key(secret, suite=SUITES[suite], originator=originator, recipient=bytes.fromhex(SERVER))
    assert made == derived


@pytest.mark.parametrize("suite", SUITE_IDS)
def test_signatures_of_both_are_good_for_the_other(tmp_path: Path, suite: SuiteId) -> None:
    key = key_of(tmp_path, "ours", suite)
    octets = b"what is signed"
    message, signature = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(octets)
    made = sign(octets, key=key, suite=SUITES[suite])
    half = len(made) // 2
    signature.write_bytes(encode_dss_signature(int.from_bytes(made[:half], "big"), int.from_bytes(made[half:], "big")))
    digest = f"-{DIGESTS[suite].lower()}"
    assert b"Verified OK" in openssl("dgst", digest, "-verify", tmp_path / "ours.pub", "-signature", signature, message)
    openssl("dgst", digest, "-sign", tmp_path / "ours.key", "-out", signature, message)
    numbers = decode_dss_signature(signature.read_bytes())
    theirs = b"".join(number.to_bytes(half, "big") for number in numbers)
    check_signature(theirs, octets, key=key.public_key(), suite=SUITES[suite])


def test_public_points_are_those_that_openssl_shows(tmp_path: Path) -> None:
    for suite in SUITE_IDS:
        key = key_of(tmp_path, f"key{suite:d}", suite)
        shown = openssl("pkey", "-in", tmp_path / f"key{suite:d}.key", "-noout", "-text").decode()
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        assert point.hex() in "".join(shown.split()).replace(":", "")
