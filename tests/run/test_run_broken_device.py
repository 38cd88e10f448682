"""The verdicts that broken devices get through the whole plugin, and what stops a run."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from harness.errors import Inconclusive
from harness.evidence.trace import read_trace
from harness.run.run import Run
from harness.verdict import Verdict
from tests.run.conftest import Conduct, Event, Meddle, is_about_register

REGISTER_KEY = "SU3.step2-P01.import-total@loop-wrapper"
NEGATIVE = "SU3.step2-N01"
DOWN_FOR_EVER_S = 1e12

Bend = Callable[[bytes, list[Event], float], Sequence[Event]]


def on_register(bend: Bend, *, times: int = 1_000_000) -> Meddle:
    """Bend the first ``times`` reactions to requests for the register; all others stay."""
    left = times

    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        nonlocal left
        if not is_about_register(frame) or not left:
            return due
        left -= 1
        return bend(frame, due, now)

    return meddle


def crash(*, down_s: float, times: int = 1_000_000) -> Meddle:
    """Be down for a while after each of the first ``times`` requests for the register."""
    up_at = 0.0
    left = times

    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        nonlocal up_at, left
        if now < up_at:
            return []
        if is_about_register(frame) and left:
            left -= 1
            up_at = now + down_s
            return []
        return due

    return meddle


def silence(frame: bytes, due: list[Event], now: float) -> list[Event]:
    return []


def noise(frame: bytes, due: list[Event], now: float) -> list[Event]:
    return [Event(due=now, data=b"\x80\x81\x82" * 10)]


def half(frame: bytes, due: list[Event], now: float) -> list[Event]:
    return [Event(due=one.due, data=one.data[: len(one.data) // 2]) for one in due]


def hang_up(frame: bytes, due: list[Event], now: float) -> list[Event]:
    return [Event(due=now, kind="close")]


def twice(frame: bytes, due: list[Event], now: float) -> list[Event]:
    return [*due, *due]


def exception(frame: bytes, due: list[Event], now: float) -> list[Event]:
    return [Event(due=now, data=frame[:2] + frame[4:6] + frame[2:4] + bytes.fromhex("0003D80203"))]


def notified(frame: bytes, due: list[Event], now: float) -> list[Event]:
    head = frame[:2] + frame[4:6] + frame[2:4]
    return [Event(due=now, data=head + bytes.fromhex("00080F00000001001101")), *due]


def another_invoke_id(frame: bytes) -> bytes:
    """The answer to a GET, its invoke-id made 0; every other frame as it is."""
    return frame[:10] + bytes([frame[10] & 0xF0]) + frame[11:] if frame[8:9] == b"\xc4" else frame


ALWAYS: tuple[tuple[str, Meddle, str], ...] = (
    ("silence", on_register(silence), "nothing"),
    ("noise", on_register(noise), "wrapper version"),
    ("half a frame", on_register(half), "unfinished frame"),
    ("hangs up", on_register(hang_up), "closed the connection"),
    ("exception", on_register(exception), "exception-response"),
    ("crash", crash(down_s=60.0), "down again"),
)


@pytest.mark.parametrize(("meddle", "observed"), [case[1:] for case in ALWAYS], ids=[case[0] for case in ALWAYS])
def test_answer_broken_each_time_is_a_fail_of_the_clause(conduct: Conduct, meddle: Meddle, observed: str) -> None:
    conducted = conduct(REGISTER_KEY, meddle=meddle)
    result = conducted.results[REGISTER_KEY]
    assert result.verdict is Verdict.FAIL, result.reason
    (finding,) = result.findings
    assert finding.clause == "SU3.step2"
    assert observed in finding.observed
    assert finding.frame
    assert conducted.stopped is None


@pytest.mark.parametrize(
    "meddle",
    [on_register(silence, times=1), on_register(noise, times=1), crash(down_s=60.0, times=1)],
    ids=["silence", "noise", "crash"],
)
def test_answer_broken_once_is_inconclusive(conduct: Conduct, meddle: Meddle) -> None:
    conducted = conduct(REGISTER_KEY, meddle=meddle)
    result = conducted.results[REGISTER_KEY]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason.startswith("line: GET 1.0.1.8.0.255 attribute 2")
    assert conducted.stopped is None


def test_device_that_never_comes_back_stops_the_run_naming_the_stimulus(conduct: Conduct) -> None:
    conducted = conduct("SU3.step2", meddle=crash(down_s=DOWN_FOR_EVER_S))
    invariants = [key for key in conducted.results if "-I" in key]
    last = [result for key, result in conducted.results.items() if key not in invariants][-1]
    assert invariants, "they judge what the device has sent till then"
    assert last.verdict is Verdict.INCONCLUSIVE
    assert last.reason.startswith("device: the device does not come back after GET 1.0.1.8.0.255")
    assert conducted.stopped is not None
    assert "GET 1.0.1.8.0.255" in conducted.stopped
    assert "never answered" not in conducted.stopped
    assert "SU3.step2-N01@loop-wrapper" not in conducted.results


def test_device_whose_every_answer_breaks_the_protocol_fails_to_the_end(conduct: Conduct) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        return [Event(due=one.due, data=another_invoke_id(one.data)) for one in due]

    conducted = conduct("SU3.step2", "TR-Conf.05a-I01", meddle=meddle)
    assert conducted.stopped is None
    assert conducted.verdict("TR-Conf.05a-I01@loop-wrapper") is Verdict.FAIL
    assert conducted.verdict(REGISTER_KEY) is Verdict.FAIL


def test_dead_device_passes_no_negative_scenario(conduct: Conduct) -> None:
    conducted = conduct(NEGATIVE, meddle=lambda frame, due, now: [])
    result = conducted.results[f"{NEGATIVE}@loop-wrapper"]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert f"no good exchange before {NEGATIVE}@loop-wrapper" in result.reason
    assert "nothing" in result.reason
    assert "never answered at door loop-wrapper in this run" in result.reason
    assert conducted.stopped is not None


def test_device_that_never_answers_at_all_lets_the_declaration_be_looked_at(conduct: Conduct) -> None:
    conducted = conduct(REGISTER_KEY, meddle=lambda frame, due, now: [])
    result = conducted.results[REGISTER_KEY]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "server_sap of the declaration" in result.reason
    assert conducted.stopped == result.reason.removeprefix("device: ") or conducted.stopped == result.reason


def test_device_that_dies_for_good_in_a_negative_scenario_ends_the_run_naming_the_last_request(
    conduct: Conduct,
) -> None:
    unknown = bytes.fromhex("0100C7FE00FF")
    dead = False

    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        nonlocal dead
        if dead:
            return []
        dead = unknown in frame
        return due

    conducted = conduct(NEGATIVE, meddle=meddle)
    result = conducted.results[f"{NEGATIVE}@loop-wrapper"]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert f"the device does not come back after {NEGATIVE}@loop-wrapper" in result.reason
    assert "last asked get-request" in result.reason
    assert "1.0.199.254.0.255" in result.reason
    assert conducted.stopped == result.reason


def test_device_that_needs_recovery_after_a_negative_scenario_fails_it_and_the_run_goes_on(conduct: Conduct) -> None:
    unknown = bytes.fromhex("0100C7FE00FF")
    up_at = 0.0
    left = 1

    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        nonlocal up_at, left
        if now < up_at:
            return []
        if unknown in frame and left:
            left = 0
            up_at = now + 60.0
        return due

    conducted = conduct(NEGATIVE, "SU3.step2-N04", meddle=meddle)
    result = conducted.results[f"{NEGATIVE}@loop-wrapper"]
    assert result.verdict is Verdict.FAIL
    assert result.findings[0].observed.startswith("no answer; it came back after recovery")
    assert conducted.stopped is None
    assert conducted.verdict("SU3.step2-N04@loop-wrapper") is Verdict.PASS


def test_closing_exchange_that_is_missed_once_is_put_down_to_the_line(conduct: Conduct) -> None:
    unknown = bytes.fromhex("0100C7FE00FF")
    asked = False
    missed = 0

    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        nonlocal asked, missed
        asked = asked or unknown in frame
        if asked and not missed and frame[3] == 16:
            missed = 1
            return []
        return due

    conducted = conduct(NEGATIVE, meddle=meddle)
    result = conducted.results[f"{NEGATIVE}@loop-wrapper"]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason.startswith("line: the good exchange after the scenario")
    assert conducted.stopped is None


def test_device_that_was_left_down_is_up_for_the_next_scenario(conduct: Conduct) -> None:
    keys = [f"SU3.step2-P01.{row}@loop-wrapper" for row in ("import-total", "export-total", "power")]
    conducted = conduct(*keys, meddle=crash(down_s=60.0))
    assert conducted.verdict(REGISTER_KEY) is Verdict.FAIL
    others = [result.verdict for key, result in conducted.results.items() if key != REGISTER_KEY]
    assert others
    assert set(others) == {Verdict.PASS}


def test_finding_shows_the_last_frame_that_the_device_sent_in_the_scenario(conduct: Conduct, tmp_path: Path) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        unknown = bytes.fromhex("0100C7FE00FF") in frame
        return exception(frame, due, now) if unknown else due

    diagnostic = "TR-Conf.05a-N10.unknown-object@loop-wrapper"
    result = conduct(diagnostic, meddle=meddle).results[diagnostic]
    assert result.verdict is Verdict.FAIL
    (shown,) = [record for record in read_trace(tmp_path / "trace.jsonl") if record["n"] == result.findings[0].frame]
    assert shown["kind"] in ("rx", "apdu_rx")
    assert shown["step"].startswith(("When", "Then"))


def test_association_that_is_refused_in_the_preamble_says_nothing_about_the_clause(conduct: Conduct) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        aarq_of_reading = frame[3] == 2 and frame[8] == 0x60
        return exception(frame, due, now) if aarq_of_reading else due

    result = conduct(REGISTER_KEY, meddle=meddle).results[REGISTER_KEY]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "not reached what is judged" in result.reason


def test_notifications_between_request_and_answer_change_nothing(conduct: Conduct) -> None:
    assert conduct(REGISTER_KEY, meddle=on_register(notified)).verdict(REGISTER_KEY) is Verdict.PASS


def test_answers_given_twice_pass_the_read_and_break_the_invariant(conduct: Conduct) -> None:
    conducted = conduct(REGISTER_KEY, "TR-Conf.05a-I01", meddle=on_register(twice))
    assert conducted.verdict(REGISTER_KEY) is Verdict.PASS
    invariant = conducted.results["TR-Conf.05a-I01@loop-wrapper"]
    assert invariant.verdict is Verdict.FAIL
    assert REGISTER_KEY in invariant.findings[0].observed


def test_wrong_checksums_in_good_exchanges_are_an_error_of_the_lab(conduct: Conduct) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        return [Event(due=one.due, data=one.data[:-2] + b"\x00\x7e") for one in due]

    key = REGISTER_KEY.replace("wrapper", "hdlc")
    result = conduct(key, meddle=meddle, door="loop-hdlc").results[key]
    assert result.verdict is Verdict.ERROR
    assert result.reason.startswith("lab: good exchange at door loop-hdlc")
    assert not result.findings


def test_fault_of_our_own_is_an_error_and_no_finding(conduct: Conduct) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        raise ZeroDivisionError("in the harness itself")

    result = conduct(REGISTER_KEY, meddle=meddle).results[REGISTER_KEY]
    assert result.verdict is Verdict.ERROR
    assert result.reason.startswith("harness: ZeroDivisionError")
    assert not result.findings


def test_fault_of_our_own_while_tidying_up_is_an_error_too(conduct: Conduct) -> None:
    def meddle(frame: bytes, due: list[Event], now: float) -> Sequence[Event]:
        if frame[8] == 0x62:
            raise ZeroDivisionError("in the harness itself")
        return due

    result = conduct(REGISTER_KEY, meddle=meddle).results[REGISTER_KEY]
    assert result.verdict is Verdict.ERROR
    assert result.reason.startswith("harness: ZeroDivisionError")


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [(Inconclusive("no bench", missing="bench"), Verdict.INCONCLUSIVE), (RuntimeError("ours"), Verdict.ERROR)],
    ids=["inconclusive", "our-fault"],
)
def test_scenario_that_cannot_be_set_up_has_a_verdict_nevertheless(
    conduct: Conduct, monkeypatch: pytest.MonkeyPatch, fault: Exception, verdict: Verdict
) -> None:
    def fail(self: Run, door: object) -> None:
        raise fault

    monkeypatch.setattr(Run, "bench", fail)
    assert conduct(REGISTER_KEY, meddle=lambda frame, due, now: due).verdict(REGISTER_KEY) is verdict
