"""``conformeter discover`` as its user runs it, at the reference meter and at devices that go wrong."""

import json
import socket
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.declaration import ROLES, Absent, load_declaration
from harness.evidence.trace import read_trace
from harness.run.exit_code import ExitCode
from harness.run.lab_process import LabProcess

from .conftest import USUAL, Command, Spoil, closing, flood, garbage, half, silent

LOOP = Path(__file__).parents[2] / "devices" / "reference-loop.toml"
OWN = {"probe", "communication_log", "collection_filter", "weekly_profile", "yearly_profile"}
OWN |= {"push_setup", "push_schedule", "event_push_setup"}
"""Roles that the code of an object does not tell."""


def sent(trace: Path) -> list[str]:
    return [str(one["event"]) for one in read_trace(trace) if one["kind"] == "apdu_tx"]


def test_the_draft_says_what_the_declaration_says(command: Command, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    assert command("discover", "loop://reference", *USUAL) == ExitCode.NOTHING_OPEN
    found, declared = load_declaration(draft), load_declaration(LOOP)
    for role in set(ROLES) - OWN:
        theirs = declared.objects_of(role)
        if theirs is None or isinstance(theirs, Absent):
            continue
        ours = found.objects_of(role)
        assert isinstance(ours, tuple), role
        assert [one.obis for one in ours] == [one.obis for one in theirs], role
    for role in ("load_profile", "billing_profile", "daily_profile"):
        for key in ("period_s", "entries", "order", "selective_access"):
            assert getattr(found.profiles[role], key) == getattr(declared.profiles[role], key), (role, key)
    assert found.identity.serial == declared.identity.serial
    assert found.identity.firmware == declared.identity.firmware
    assert [(one.id, one.client_sap) for one in found.associations] == [
        ("public", 16),
        ("reading", 2),
        ("management", 1),
    ]
    text = draft.read_text(encoding="utf-8")
    assert "# ? " in text
    assert "0.0.99.98.5.255" in text


def test_no_secret_is_written(command: Command, tmp_path: Path) -> None:
    assert command("discover", "loop://reference", *USUAL) == ExitCode.NOTHING_OPEN
    for path in (tmp_path / "draft.toml", tmp_path / "draft.trace.jsonl"):
        octets = path.read_bytes()
        for secret in (b"reading1", b"manage-1"):
            assert secret not in octets
            assert secret.hex().encode() not in octets.lower()


@pytest.mark.parametrize("protocol", ["wrapper", "hdlc"])
def test_it_only_reads(protocol: str, command: Command, tmp_path: Path) -> None:
    assert command("discover", "loop://reference", *USUAL, "--protocol", protocol) == ExitCode.NOTHING_OPEN
    events = sent(tmp_path / "draft.trace.jsonl")
    kinds = {event.split()[0].rstrip(":") for event in events}
    assert "get-request-normal" in kinds
    assert not {kind for kind in kinds if kind.startswith(("set", "action", "access"))}
    assert tomllib.loads((tmp_path / "draft.toml").read_text(encoding="utf-8"))["doors"][0]["protocol"] == protocol


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    running: list[LabProcess] = []

    def serve(listen: str) -> None:
        running.append(LabProcess([sys.executable, "-m", "reference_meter", "--listen", listen]).__enter__())

    yield serve
    for process in running:
        process.close()


@pytest.mark.parametrize("kind", ["tcp", "hdlc+tcp", "pty"])
def test_lines_of_a_process(
    kind: str, command: Command, served: Callable[[str], None], tmp_path: Path, unused_tcp_port: int
) -> None:
    address = f"127.0.0.1:{unused_tcp_port}"
    line = tmp_path / "line"
    served(f"pty://{line}" if kind == "pty" else f"{kind}://{address}")
    url = f"serial://{line}?baud=9600" if kind == "pty" else f"tcp://{address}"
    hdlc = ("--protocol", "hdlc") if kind == "hdlc+tcp" else ()
    assert command("discover", url, *USUAL[:4], *hdlc) == ExitCode.NOTHING_OPEN
    found = load_declaration(tmp_path / "draft.toml")
    assert found.doors[0].protocol == ("wrapper" if kind == "tcp" else "hdlc")
    assert found.profiles["load_profile"].period_s == 900


def test_ciphered_clients_with_the_counter_that_the_device_tells(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = load_declaration(LOOP).association("reading-secured").security
    assert declared is not None
    assert declared.encryption_key is not None
    assert declared.authentication_key is not None
    monkeypatch.setenv("EK", f"hex:{declared.encryption_key.reveal().hex()}")
    monkeypatch.setenv("AK", f"hex:{declared.authentication_key.reveal().hex()}")
    monkeypatch.setenv("CONFORMETER_STATE", str(tmp_path / "state"))
    keys = "encryption_key=env:EK,authentication_key=env:AK,counter=device"
    title = f"client_system_title={declared.client_system_title}"
    suite = f"suite={declared.suite}"
    assert command("discover", "loop://reference", "--client", f"3,role=reading,{keys},{title},{suite}") == 0
    association = load_declaration(tmp_path / "draft.toml").association("reading")
    assert association.mechanism == "hls-gmac"
    assert association.ciphered
    assert association.security is not None
    assert association.security.server_system_title is not None


def test_a_client_that_may_write_nothing_is_asked_about(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = load_declaration(LOOP).association("reading").secret
    assert secret is not None
    monkeypatch.setenv("READS", f"hex:{secret.reveal().hex()}")
    for role, asked in (("management", True), ("reading", False)):
        draft = tmp_path / f"{role}.toml"
        told = ("--client", f"2,role={role},secret=env:READS", "--out", str(draft))
        assert command("discover", "loop://reference", *told) == ExitCode.NOTHING_OPEN
        assert ("lets it write nothing" in draft.read_text(encoding="utf-8")) is asked


def test_a_wrong_password_is_tried_once(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG", "not the password")
    assert command("discover", "loop://reference", "--client", "2", "--secret", "env:WRONG") == ExitCode.OPEN
    attempts = [
        one for one in read_trace(tmp_path / "draft.trace.jsonl")
        if one["kind"] == "apdu_tx" and str(one["event"]).startswith("AARQ") and one["step"] == "client reading"
    ]  # fmt: skip
    assert len(attempts) == 1
    text = (tmp_path / "draft.toml").read_text(encoding="utf-8")
    assert "# client reading (SAP 2) was not let in" in text
    assert [one.id for one in load_declaration(tmp_path / "draft.toml").associations] == ["public"]


def test_a_silent_device_leaves_no_draft(
    command: Command, spoilt: Callable[[Spoil], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt(silent)
    assert command("discover", "loop://reference", *USUAL) == ExitCode.NOTHING_RAN
    assert not (tmp_path / "draft.toml").exists()
    assert "nothing answered" in capsys.readouterr().err


@pytest.mark.parametrize("spoil", [garbage, flood, closing, half])
def test_a_broken_device_yields_what_it_told(
    spoil: Spoil, command: Command, spoilt: Callable[[Spoil], None], tmp_path: Path
) -> None:
    spoilt(spoil)
    assert command("discover", "loop://reference", *USUAL, "--protocol", "wrapper") == ExitCode.OPEN
    found = load_declaration(tmp_path / "draft.toml")
    text = (tmp_path / "draft.toml").read_text(encoding="utf-8")
    if spoil is half:
        assert "This draft is not whole" in text
        assert found.object("clock") is not None
    if spoil is closing:
        assert "after a missing answer" in text
    if spoil in (garbage, flood):
        assert "What was tried here" in text
        assert found.associations == ()


def test_a_shut_door_is_said(command: Command, tmp_path: Path, unused_tcp_port: int) -> None:
    assert command("discover", f"tcp://127.0.0.1:{unused_tcp_port}") == ExitCode.NOTHING_RAN
    assert not (tmp_path / "draft.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("loop://reference", "--protocol", "mbus"), "allowed: wrapper, hdlc"),
        (("nonsense://there",), "unknown scheme"),
        (("loop://reference", "--client", "many"), "is no client SAP"),
        (("loop://reference", "--client", "2,colour=red"), "allowed keys"),
        (("loop://reference", "--secret", "env:READS"), "more secrets than clients"),
        (("loop://reference", "--client", "2", "--secret", "env:NOBODY_SET_THIS"), "NOBODY_SET_THIS"),
        (("loop://reference", "--client", "2,mechanism=lls"), "secret"),
        (("loop://reference", "--client", "2,secret=text:reading1"), "literal"),
        (("loop://reference", "--out", "no/such/folder.toml"), "is no folder"),
    ],
)
def test_wrong_usage(
    arguments: tuple[str, ...], said: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("discover", *arguments) == ExitCode.USAGE
    assert said in capsys.readouterr().err


def test_nothing_is_overwritten(command: Command, tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_text("mine", encoding="utf-8")
    assert command("discover", "loop://reference") == ExitCode.USAGE
    assert (tmp_path / "draft.toml").read_text(encoding="utf-8") == "mine"


def test_a_second_attempt_is_free(command: Command, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as first:
        first.setenv("NOT_HERE", "")
        assert command("discover", "loop://reference", "--client", "2", "--secret", "env:NOT_HERE") == ExitCode.USAGE
    assert command("discover", "loop://reference", *USUAL) == ExitCode.NOTHING_OPEN
    assert (tmp_path / "draft.toml").exists()


def test_a_draft_runs_as_it_is(command: Command, tmp_path: Path) -> None:
    assert command("discover", "loop://reference", *USUAL) == ExitCode.NOTHING_OPEN
    command("run", "--device", tmp_path / "draft.toml", "--only", "SU3.step1,SU3.step2-P01", "--out", tmp_path / "runs")
    (document,) = (tmp_path / "runs").glob("*/verdicts.json")
    verdicts = {one["key"]: one["verdict"] for one in json.loads(document.read_text(encoding="utf-8"))["scenarios"]}
    assert set(verdicts.values()) <= {"PASS", "NOT_APPLICABLE", "INCONCLUSIVE"}
    assert verdicts["SU3.step1-P01.reading@door"] == "PASS"
    assert verdicts["SU3.step2-P01.import-total@door"] == "PASS"
