"""Outcomes, exit codes, choice of scenarios and known findings, each by itself."""

from pathlib import Path

import pytest

from harness import errors
from harness.errors import UsageError
from harness.run.exit_code import ExitCode, exit_code
from harness.run.expected import ExpectedFindings, KnownFinding, read_expected
from harness.run.items import SELF_DOOR, Choice, ItemMeta
from harness.run.outcome import judgement_of
from harness.verdict import ScenarioResult, Verdict

V = Verdict
FINDING = errors.NonConformity(clause="TR-Conf.01a", expected="this", observed="that", frame=7, note="by default")


@pytest.mark.parametrize(
    ("error", "in_preamble", "verdict", "reason"),
    [
        (None, False, Verdict.PASS, "observed as required"),
        (FINDING, False, Verdict.FAIL, "TR-Conf.01a: expected this; observed that"),
        (FINDING, True, Verdict.FAIL, "TR-Conf.01a: expected this; observed that"),
        (errors.Inconclusive("no load", missing="bench"), False, Verdict.INCONCLUSIVE, "bench: no load"),
        (errors.ReviewNeeded("look"), False, Verdict.REVIEW, "look"),
        (errors.NotApplicable("no gas", item="medium"), False, Verdict.NOT_APPLICABLE, "no gas (medium)"),
        (errors.Silent("nothing", 2.0), True, Verdict.INCONCLUSIVE, "device: not reached what is judged: nothing"),
        (errors.Silent("nothing", 2.0), False, Verdict.FAIL, "SU3.step2: expected a sound answer; observed nothing"),
        (errors.Refused("no", "dar:3"), False, Verdict.FAIL, "SU3.step2: expected success; observed no"),
        (errors.Refused("no", "dar:3"), True, Verdict.INCONCLUSIVE, "device: not reached what is judged: no"),
        (errors.DecodeError("x", 3), False, V.FAIL, "SU3.step2: expected a sound answer; observed x (at octet 3)"),
        (errors.Garbled("noise"), False, Verdict.FAIL, "SU3.step2: expected a sound answer; observed noise"),
        (errors.ConnectionLost("gone"), False, Verdict.FAIL, "SU3.step2: expected a sound answer; observed gone"),
        (errors.PortGone("unplugged"), False, Verdict.ERROR, "lab: unplugged"),
        (errors.LineDamaged("checksums"), True, Verdict.ERROR, "lab: checksums"),
        (errors.BenchError("burnt"), False, Verdict.ERROR, "lab: burnt"),
        (errors.ReplayDifference("frame 3"), False, Verdict.ERROR, "lab: frame 3"),
        (UsageError("wrong"), False, Verdict.ERROR, "harness: UsageError: wrong"),
        (AssertionError("a plain assert"), False, Verdict.ERROR, "harness: AssertionError: a plain assert"),
        (ValueError("ours"), True, Verdict.ERROR, "harness: ValueError: ours"),
        (RecursionError("deep"), False, Verdict.ERROR, "harness: RecursionError: deep"),
    ],
    ids=range(21),
)  # fmt: skip
def test_every_end_has_its_verdict(
    error: BaseException | None, in_preamble: bool, verdict: Verdict, reason: str
) -> None:
    judgement = judgement_of(error, clause="SU3.step2", in_preamble=in_preamble, frame=42)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
    assert bool(judgement.findings) == (verdict is Verdict.FAIL)


def test_finding_names_clause_frame_and_note() -> None:
    (own,) = judgement_of(FINDING, clause="SU3.step2", in_preamble=False, frame=42).findings
    assert (own.clause, own.frame, own.note) == ("TR-Conf.01a", 7, "by default")
    (other,) = judgement_of(errors.Garbled("x"), clause="SU3.step2", in_preamble=False, frame=42).findings
    assert (other.clause, other.frame, other.note) == ("SU3.step2", 42, None)


def result(verdict: Verdict, key: str = "A-P01@d") -> ScenarioResult:
    return ScenarioResult(
        key=key, id="A-P01", row=None, door="d", title="t", requirements=("A",), verdict=verdict, reason="r"
    )


@pytest.mark.parametrize(
    ("verdicts", "interrupted", "expected"),
    [
        ((), False, ExitCode.NOTHING_RAN),
        ((), True, ExitCode.NOTHING_RAN),
        ((V.PASS,), False, ExitCode.NOTHING_OPEN),
        ((V.PASS, V.NOT_APPLICABLE), False, ExitCode.NOTHING_OPEN),
        ((V.PASS,), True, ExitCode.OPEN),
        ((V.FAIL, V.ERROR), False, ExitCode.FAIL),
        ((V.FAIL,), True, ExitCode.FAIL),
        ((V.PASS, V.ERROR), False, ExitCode.OPEN),
        ((V.PASS, V.INCONCLUSIVE), False, ExitCode.OPEN),
        ((V.PASS, V.REVIEW), False, ExitCode.OPEN),
    ],
)
def test_exit_code(verdicts: tuple[Verdict, ...], interrupted: bool, expected: ExitCode) -> None:
    results = [result(verdict, f"A-P{number:02}@d") for number, verdict in enumerate(verdicts)]
    assert exit_code(results, interrupted=interrupted, expected=None) is expected


def known_findings(verdicts: dict[str, Verdict]) -> ExpectedFindings:
    entries = [KnownFinding(key=key, verdict=verdict, reason="r", link="l") for key, verdict in verdicts.items()]
    return ExpectedFindings(file=Path("known.toml"), entries=tuple(entries))


@pytest.mark.parametrize(
    ("listed", "came", "expected"),
    [
        ({"A-P01@d": V.FAIL}, V.FAIL, ExitCode.NOTHING_OPEN),
        ({"A-P01@d": V.INCONCLUSIVE}, V.INCONCLUSIVE, ExitCode.NOTHING_OPEN),
        ({"A-P01@d": V.FAIL}, V.PASS, ExitCode.OPEN),
        ({"A-P01@d": V.INCONCLUSIVE}, V.FAIL, ExitCode.FAIL),
        ({"A-P01@d": V.FAIL}, V.ERROR, ExitCode.OPEN),
        ({"A-P02@d": V.FAIL}, V.PASS, ExitCode.OPEN),
        ({}, V.FAIL, ExitCode.FAIL),
    ],
)
def test_known_findings_count_only_as_listed(listed: dict[str, Verdict], came: Verdict, expected: ExitCode) -> None:
    known = known_findings(listed)
    assert exit_code([result(came)], interrupted=False, expected=known) is expected


def test_stale_entries_are_told() -> None:
    known = known_findings({"A-P01@d": V.FAIL, "B-P01@d": V.ERROR})
    assert known.stale([result(V.PASS)]) == [
        "known.toml: A-P01@d is listed as FAIL, it is PASS: stale entry",
        "known.toml: B-P01@d is listed as ERROR, it did not run: stale entry",
    ]


ENTRY = '[[expected]]\nkey = "A-P01@d"\nverdict = "FAIL"\nreason = "known"\nlink = "https://example.org/1"\n'


def test_file_of_known_findings(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(ENTRY, encoding="utf-8")
    assert read_expected(path).verdicts == {"A-P01@d": V.FAIL}
    assert read_expected(path).to_json() == {
        "file": "known.toml",
        "entries": [{"key": "A-P01@d", "verdict": "FAIL", "reason": "known", "link": "https://example.org/1"}],
    }
    path.write_text("", encoding="utf-8")
    assert read_expected(path).verdicts == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[expected]", "known.toml"),
        ("expected = 5", "tables"),
        ("expected = [5]", "tables"),
        (ENTRY.replace("key =", "id ="), "unknown key id; allowed: key, verdict, reason, link"),
        (ENTRY.replace('reason = "known"', ""), "reason is missing"),
        (ENTRY.replace('reason = "known"', 'reason = ""'), "reason is missing"),
        (ENTRY.replace("link =", "# link ="), "link is missing"),
        (ENTRY.replace('"FAIL"', '"PASS"'), "verdict 'PASS'; allowed: FAIL, ERROR, INCONCLUSIVE, REVIEW"),
        (ENTRY.replace('"FAIL"', "1"), "verdict is missing or no text"),
        (ENTRY + ENTRY, "expected 2: key A-P01@d is listed twice"),
    ],
    ids=range(10),
)
def test_wrong_file_of_known_findings_says_what_is_allowed(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        read_expected(path)
    assert told in str(wrong.value)
    assert "known.toml" in str(wrong.value)


def meta(id_: str = "SU3.step2-P01", row: str | None = None, door: str = "tcp", *more: str) -> ItemMeta:
    return ItemMeta(
        id=id_,
        row=row,
        door=door,
        title="title",
        requirements=(id_.rpartition("-")[0], *more),
        positive=True,
        effects=frozenset({"reads"}),
    )


def test_result_key_and_clause() -> None:
    assert (meta().key, meta().clause) == ("SU3.step2-P01@tcp", "SU3.step2")
    assert meta(row="power").key == "SU3.step2-P01.power@tcp"
    assert meta("TR-Conf.08a-N01").clause == "TR-Conf.08a"
    assert meta(door=SELF_DOOR).self_check
    assert not meta().self_check


@pytest.mark.parametrize(
    ("wanted", "is_wanted"),
    [
        ("SU3", True),
        ("SU3.step2", True),
        ("SU3.step2-P01", True),
        ("SU3.step2-P01.power", True),
        ("SU3.step2-P01.power@tcp", True),
        ("TR-Conf.08", True),
        ("TR-Conf.08a", True),
        ("SU3.step", False),
        ("SU3.step2-P0", False),
        ("SU3.step2-P01.pow", False),
        ("SU3.step2-P01.power@hdlc", False),
        ("SU", False),
        ("TR-Conf.0", False),
        ("TR-Conf.08b", False),
        ("su3", False),
    ],
)
def test_what_only_covers(wanted: str, is_wanted: bool) -> None:
    one = meta("SU3.step2-P01", "power", "tcp", "TR-Conf.08a")
    assert Choice(only=(wanted,)).wants(one) == is_wanted


def test_doors_do_not_leave_self_checks_out() -> None:
    choice = Choice(doors=("hdlc",))
    assert not choice.wants(meta())
    assert choice.wants(meta(door="hdlc"))
    assert choice.wants(meta(door=SELF_DOOR))


def test_effects_beyond_the_ceiling() -> None:
    assert Choice(ceiling=frozenset()).beyond_ceiling(meta()) == {"reads"}
    assert Choice().beyond_ceiling(meta()) == frozenset()


@pytest.mark.parametrize(
    ("only", "doors", "because"),
    [
        ((), (), None),
        (("SU3", "BI.01"), (), "--only SU3,BI.01"),
        ((), ("tcp",), "--door tcp"),
        (("SU3",), ("tcp", "udp"), "--only SU3, --door tcp,udp"),
    ],
)
def test_partial_runs_say_why(only: tuple[str, ...], doors: tuple[str, ...], because: str | None) -> None:
    assert Choice(only=only, doors=doors).partial_because == because
