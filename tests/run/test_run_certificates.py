"""Test certificates as a lab makes and uses them, and keys and certificates that do not fit, from outside."""

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import cli
from harness.declaration import load_declaration
from harness.errors import DeclarationError
from harness.headend.declared_keys import check_keys
from harness.run import conduct as composition

NAMES = ["ca", "client-agreement", "client-signing", "server-agreement", "server-signing"]
USAGE = 3
OPENSSL = shutil.which("openssl") or "openssl"
Command = Callable[..., int]

HEAD = """
schema = 1
[identity]
name = "lab"
manufacturer = "M"
type = "T"
serial = "1"
firmware = "1"
medium = "electricity"
roles = ["meter"]
[[doors]]
id = "wrapper"
protocol = "wrapper"
url = "loop://reference"
[[associations]]
id = "public"
role = "public"
client_sap = 16
mechanism = "none"
[[associations]]
id = "reading"
role = "reading"
client_sap = 2
mechanism = "hls-gmac"
context = "ln-ciphered"
conformance = ["GENERAL_PROTECTION", "GET"]
[associations.security]
client_system_title = "4346540000000001"
encryption_key = "env:LAB_ENCRYPTION"
authentication_key = "env:LAB_AUTHENTICATION"
"""
TAIL = """
[objects]
logical_device_name = { class = 1, obis = "0.0.42.0.0.255" }
"""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["conformeter", *arguments])
        monkeypatch.setattr(composition, "build_report", lambda *given, **options: None)
        monkeypatch.chdir(tmp_path)
        try:
            cli.main()
        except SystemExit as left:
            return int(left.code or 0)
        return 0

    return run


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], Path]:
    """Return a function that writes a declaration with lines in the table of keys; it returns the file."""
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))

    def written(suite: int, lines: str) -> Path:
        octets = 32 if suite == 2 else 16
        monkeypatch.setenv("LAB_ENCRYPTION", "hex:" + "A1" * octets)
        monkeypatch.setenv("LAB_AUTHENTICATION", "hex:" + "B2" * octets)
        path = tmp_path / "lab.toml"
        path.write_text(f"{HEAD}suite = {suite}\n{lines}\n{TAIL}", encoding="utf-8")
        return path

    return written


def openssl(*arguments: str) -> str:
    done = subprocess.run([OPENSSL, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(("suite", "curve"), [(1, "prime256v1"), (2, "secp384r1")])
def test_certificates_are_what_openssl_expects_of_them(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], suite: int, curve: str
) -> None:
    assert command("certificates", "--suite", str(suite), "--out", "pki") == 0
    told = capsys.readouterr().out
    folder = tmp_path / "pki"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}{ending}" for name in NAMES for ending in (".pem", ".key")
    )
    for name in NAMES:
        assert f"{name}.pem" in told
        assert stat.S_IMODE((folder / f"{name}.key").stat().st_mode) == 0o600
        assert curve in openssl("pkey", "-in", str(folder / f"{name}.key"), "-noout", "-text")
        assert openssl("x509", "-in", str(folder / f"{name}.pem"), "-noout", "-pubkey") == openssl(
            "pkey", "-in", str(folder / f"{name}.key"), "-pubout"
        )
    for name in NAMES[1:]:
        assert "OK" in openssl("verify", "-CAfile", str(folder / "ca.pem"), str(folder / f"{name}.pem"))
        shown = openssl("x509", "-in", str(folder / f"{name}.pem"), "-noout", "-subject", "-ext", "keyUsage")
        assert ("4346540000000001" if name.startswith("client") else "43464D0000000001") in shown
        assert ("Key Agreement" if "agreement" in name else "Digital Signature") in shown


def test_certificates_overwrite_nothing(command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("certificates", "--suite", "1", "--out", "pki") == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "pki").iterdir()}
    assert command("certificates", "--suite", "2", "--out", "pki") == USAGE
    assert "nothing is overwritten" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "pki").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--suite", "0"), "--suite 0: no such suite with certificates; allowed: 1, 2"),
        (("--suite", "1", "--client-title", "4346"), "--client-title 4346: no system title"),
        (("--suite", "1", "--server-title", "x" * 16), "no system title; allowed: 16 hexadecimal digits"),
    ],
)
def test_wrong_use_of_certificates_is_told(
    command: Command, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert command("certificates", "--out", "pki", *arguments) == USAGE
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("suite", [1, 2])
def test_what_the_command_says_is_a_declaration(
    command: Command, lab: Callable[[int, str], Path], capsys: pytest.CaptureFixture[str], suite: int
) -> None:
    assert command("certificates", "--suite", str(suite), "--out", "pki") == 0
    lines = capsys.readouterr().out.split("table security of an association:\n")[1]
    own = "\n".join(line for line in lines.splitlines() if "suite" not in line and "client_system" not in line)
    path = lab(suite, own + '\nkey_info = "one-pass"\nsigned = true')
    check_keys(load_declaration(path), datetime.now(UTC))


PKI = 'key_info = "static"\nagreement_key = "file:pki/client-agreement.key"\n'
SERVER = 'server_agreement_certificate = "file:pki/server-agreement.pem"\n'
WRONG: tuple[tuple[str, int, str, str], ...] = (
    ("certificate of another suite", 2, PKI + SERVER, "suite 2 needs secp384r1"),
    ("key of another suite", 2, SERVER.replace("file:pki", "file:pki2") + PKI, "is on the curve secp256r1; suite 2"),
    ("no certificate", 1, PKI + SERVER.replace("server-agreement.pem", "client-agreement.key"), "is no certificate"),
    ("no file", 1, PKI + SERVER.replace("server-agreement", "nowhere"), "there is no file"),
    ("no reference", 1, PKI + SERVER.replace("file:", ""), "is not a reference to a certificate"),
    ("no private key", 1, PKI.replace(".key", ".pem") + SERVER, "is no private key in PEM"),
    ("literal key", 1, 'signing_key = "hex:' + "11" * 32 + '"\n', "test_keys"),
    ("no key file", 1, 'master_key = "file:nowhere.key"\n', "there is no file"),
    ("key of wrong length", 1, 'master_key = "file:short.key"\n', "master_key has a wrong length (not shown)"),
    ("agreement in suite 0", 0, PKI + SERVER, "does not fit suite 0, which has no key agreement"),
    ("one of two", 1, PKI + SERVER + f'server_agreement_key = "{"11" * 64}"\n', "stands beside server_agreement_key"),
    ("nothing to agree with", 1, PKI, "server_agreement_key: is missing, because key_info is static"),
)


@pytest.mark.parametrize(("case", "suite", "lines", "told"), WRONG, ids=[case for case, *_ in WRONG])
def test_keys_that_do_not_fit_are_one_message_and_exit_code_3(
    command: Command,
    lab: Callable[[int, str], Path],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    case: str,
    suite: int,
    lines: str,
    told: str,
) -> None:
    command("certificates", "--suite", "1", "--out", "pki")
    command("certificates", "--suite", "2", "--out", "pki2")
    (tmp_path / "short.key").write_text("hex:C3C3C3\n", encoding="utf-8")
    path = lab(suite, lines)
    capsys.readouterr()
    assert command("run", "--device", str(path)) == USAGE
    shown = capsys.readouterr().err
    assert told in shown
    assert "Traceback" not in shown
    assert "C3C3C3" not in shown
    assert not (tmp_path / "runs").exists(), "nothing is left of a run that never began"


@pytest.mark.parametrize(("when", "told"), [(2000, "is not valid before"), (2100, "is expired since")])
def test_certificates_out_of_their_time_are_told(
    command: Command, lab: Callable[[int, str], Path], when: int, told: str
) -> None:
    command("certificates", "--suite", "1", "--out", "pki")
    path = lab(1, PKI + SERVER)
    with pytest.raises(DeclarationError, match=told):
        check_keys(load_declaration(path), datetime(when, 1, 1, tzinfo=UTC))
