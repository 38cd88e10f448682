"""A packed run is the same each time, and whatever is wrong with a zip is told in a sentence."""

import hashlib
import json
import os
import stat
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.catalogue import Catalogue
from harness.errors import UsageError
from harness.report.archive import SUMS, pack
from harness.report.rollup import ProofTable
from harness.report.run_folder import RunFolder
from harness.report.summary import RunFacts
from harness.report.verification import verify
from harness.verdict import ScenarioResult, Verdict

Maker = Callable[..., ScenarioResult]
STARTED = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
FACTS = RunFacts(
    suite={"version": "0.1.0", "fingerprint": "abc"},
    device={"name": "meter", "serial": "00000001"},
    started=STARTED.isoformat(),
    finished=STARTED.isoformat(),
)
RESULTS = ("TR-Conf.05a-P01", "TR-Conf.05a-N01")


@pytest.fixture
def folder(tmp_path: Path, make_result: Maker, catalogue: Catalogue) -> RunFolder:
    folder = RunFolder.create(tmp_path, "meter", STARTED)
    folder.write_plan([make_result(id_).key for id_ in RESULTS])
    folder.append_verdict(make_result(RESULTS[0]))
    folder.append_verdict(make_result(RESULTS[1], Verdict.FAIL, blames=("TR-Conf.05a",)))
    folder.trace.write_text("{}\n")
    folder.declaration.write_text("schema = 1\n")
    folder.write_facts(FACTS, STARTED)
    folder.write_summary(catalogue, FACTS, proof=ProofTable())
    (folder.report / "index.html").write_text("<p>ü</p>")
    return folder


def changed(source: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, sums: bool = False) -> Path:
    """Copy a zip with ``change`` made to its files; ``sums`` makes the list right again, as a forger would."""
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = next(iter(files)).partition("/")[0]
    inner = {name.removeprefix(f"{root}/"): content for name, content in files.items()}
    change(inner)
    if sums:
        listed = {name: content for name, content in inner.items() if name != SUMS}
        inner[SUMS] = b"".join(
            f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode() for name, content in listed.items()
        )
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in inner.items():
            archive.writestr(f"{root}/{name}", content)
    return target


def test_packed_run_is_sound_and_the_same_each_time(folder: RunFolder, tmp_path: Path) -> None:
    first = pack(folder.path)
    os.utime(folder.trace, (0, 0))
    second = pack(folder.path, tmp_path / "again.zip")
    assert first.path == folder.path.with_name(f"{folder.path.name}.zip")
    assert first.path.read_bytes() == second.path.read_bytes()
    found = verify(first.path)
    assert found.problems == ()
    assert (found.files, found.digest) == (first.files, first.digest)
    assert found.about.startswith("2 scenarios, all that were planned: 0 of 1 passed")


def test_list_of_sums_serves_without_conformeter(folder: RunFolder, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(folder.path).path) as archive:
        archive.extractall(tmp_path / "out")
    root = tmp_path / "out" / folder.path.name
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=root, check=True)
    assert pack(root, tmp_path / "repacked.zip").digest == verify(tmp_path / "repacked.zip").digest


def test_nothing_is_overwritten_and_no_link_followed(folder: RunFolder, tmp_path: Path) -> None:
    packed = pack(folder.path)
    with pytest.raises(UsageError, match="exists already"):
        pack(folder.path)
    with pytest.raises(UsageError, match="into itself"):
        pack(folder.path, folder.path / "x.zip")
    with pytest.raises(UsageError, match="its folder does not exist"):
        pack(folder.path, tmp_path / "none" / "x.zip")
    with pytest.raises(UsageError, match="not a run folder"):
        pack(tmp_path)
    (folder.path / "link").symlink_to("/etc/hostname")
    with pytest.raises(UsageError, match="has no links"):
        pack(folder.path, tmp_path / "y.zip")
    assert sorted(tmp_path.iterdir()) == [folder.path, packed.path]


def _verdict_changed(files: dict[str, bytes]) -> None:
    files["verdicts.json"] = files["verdicts.json"].replace(b'"FAIL"', b'"PASS"')


def _logged_changed(files: dict[str, bytes]) -> None:
    files["verdicts.jsonl"] = files["verdicts.jsonl"].replace(b'"FAIL"', b'"PASS"')


def _headline_changed(files: dict[str, bytes]) -> None:
    document = json.loads(files["verdicts.json"])
    files["verdicts.json"] = json.dumps({**document, "headline": "41 of 41 passed"}).encode()


def _result_gone(files: dict[str, bytes]) -> None:
    files["verdicts.jsonl"] = files["verdicts.jsonl"].splitlines(keepends=True)[0]


def _half_a_line(files: dict[str, bytes]) -> None:
    files["verdicts.jsonl"] += b'{"key": "TR'


def _plan(keys: object) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files["plan.json"] = json.dumps({"schema": 1, "keys": keys}).encode()

    return change


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        del files[name]

    return change


def _with(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files[name] = content

    return change


@pytest.mark.parametrize(
    ("change", "sums", "problem"),
    [
        (_with("trace.jsonl", b"other"), False, "trace.jsonl: changed since it was packed"),
        (_with("more.txt", b"x"), False, "more.txt: in the zip, but not listed"),
        (_without("report/index.html"), False, "report/index.html: listed in SHA256SUMS, but not in the zip"),
        (_without(SUMS), False, "SHA256SUMS: missing"),
        (_with(SUMS, b"no sums\n"), False, "SHA256SUMS: line 1 is none of its own"),
        (_without("trace.jsonl"), True, "trace.jsonl: missing"),
        (_without("plan.json"), True, "plan.json: missing"),
        (_without("verdicts.json"), True, "verdicts.json: missing"),
        (_verdict_changed, True, "verdicts.json is not what verdicts.jsonl adds up to: TR-Conf.05a-N01@loop-wrapper"),
        (_logged_changed, True, "verdicts.json is not what verdicts.jsonl adds up to: TR-Conf.05a-N01@loop-wrapper"),
        (_headline_changed, True, "add up to: headline"),
        (_result_gone, True, "1 of 2 planned scenarios have no verdict: TR-Conf.05a-N01@loop-wrapper"),
        (_half_a_line, True, "its last line is cut off"),
        (_plan(["TR-Conf.05a-P01@loop-wrapper"]), True, "1 verdicts belong to no planned scenario"),
        (_plan([]), True, "it lists no scenario"),
        (_plan(7), True, "plan.json: keys: expected a list"),
        (_with("plan.json", b"["), True, "plan.json: no JSON"),
        (_with("plan.json", b"[" * 100_000), True, "plan.json: "),
        (_with("verdicts.json", b"[]"), True, "verdicts.json: expected a JSON object"),
        (_with("verdicts.jsonl", b"{}\n"), True, "verdicts.jsonl: line 1 is no result"),
    ],
)
def test_each_way_to_be_wrong_is_told(
    change: Callable[[dict[str, bytes]], None], sums: bool, problem: str, folder: RunFolder, tmp_path: Path
) -> None:
    found = verify(changed(pack(folder.path).path, tmp_path / "changed.zip", change, sums=sums))
    assert any(problem in each for each in found.problems), found.problems


def test_interrupted_run_is_not_sound(folder: RunFolder, catalogue: Catalogue) -> None:
    folder.write_summary(catalogue, replace(FACTS, interrupted="stopped by the operator"), proof=ProofTable())
    assert verify(pack(folder.path).path).problems == ("the run was interrupted: stopped by the operator",)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "run/../../evil", "C:/evil", "run\\..\\evil", "run/"])
def test_name_that_leads_out_is_told_before_anything_else(name: str, tmp_path: Path) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("run/SHA256SUMS", "")
        archive.writestr(name, "x")
    assert "do not unpack" in verify(path).problems[0]


def test_link_in_a_zip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    entry = zipfile.ZipInfo("run/link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert verify(path).problems == ("run/link: no plain file; do not unpack this zip",)


def test_what_is_no_packed_run_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with pytest.raises(UsageError, match="no such file"):
        verify(path)
    path.write_bytes(b"no zip")
    assert verify(path).problems == ("not a readable zip: File is not a zip file",)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/x", "")
        archive.writestr("b/x", "")
    assert "no single run folder" in verify(path).problems[0]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_damaged_zip_is_never_taken_for_another_run(folder: RunFolder, tmp_path: Path, data: st.DataObject) -> None:
    good = tmp_path / "good.zip"
    octets = bytearray((good if good.exists() else pack(folder.path, good).path).read_bytes())
    if data.draw(st.booleans()):
        octets = octets[: data.draw(st.integers(0, len(octets) - 1))]
    else:
        at = data.draw(st.integers(0, len(octets) - 1))
        octets[at] ^= data.draw(st.integers(1, 255))
    bad = tmp_path / "bad.zip"
    bad.write_bytes(octets)
    found = verify(bad)
    assert found.problems or found.digest == verify(good).digest
