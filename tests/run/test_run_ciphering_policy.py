"""Devices that declare to answer what is wrongly ciphered: a finding, and the exception is judged all the same."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from harness.declaration import merge_patch, parse_declaration, read_data
from harness.run.suite import Suite
from harness.verdict import ScenarioResult, Verdict
from reference_meter.codec.response import ExceptionResponse
from reference_meter.deviations.ciphering import each_protection
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.server.ciphered_protection import CipheredProtection, RequestRefused
from tests.run.conftest import ROOT, run_suite

Policy = Literal["silent", "exception", "mixed"]
DOOR = "loop-wrapper"


def meter_with(policy: Policy, counter_off: int) -> Meter:
    """A meter that answers by this policy, with a counter that is so far off in its exceptions."""
    meter = Meter(replace(MeterConfiguration(), security=replace(TEST_SECURITY, ciphering_errors=policy)))

    def adapt(protection: CipheredProtection) -> None:
        right = protection.refuse

        def refuse(expected: int | None = None) -> None:
            try:
                right(expected)
            except RequestRefused as refused:
                if expected is None or refused.response.invocation_counter is None:
                    raise
                off = refused.response.invocation_counter + counter_off
                raise RequestRefused(
                    ExceptionResponse(state_error=1, service_error=6, invocation_counter=off)
                ) from None

        object.__setattr__(protection, "refuse", refuse)

    if counter_off:
        each_protection(meter, adapt)
    return meter


def judged(
    suite: Suite, folder: Path, *only: str, declared: Policy, policy: Policy, counter_off: int = 0
) -> dict[str, ScenarioResult]:
    data = merge_patch(read_data(ROOT / "devices" / "reference-loop.toml"), {"ciphering_error_policy": declared})
    declaration = parse_declaration(data, name="policy")

    def make(options: Mapping[str, str]) -> Meter:
        return meter_with(policy, counter_off)

    conducted = run_suite(suite, folder, declaration, make, *only, door=DOOR)
    return {key.removesuffix(f"@{DOOR}"): result for key, result in conducted.results.items()}


def notes(result: ScenarioResult) -> list[str | None]:
    return [finding.note for finding in result.findings]


def test_declared_exception_is_a_declared_deviation_and_is_judged(suite: Suite, tmp_path: Path) -> None:
    only = ("TR-Conf.05b-N01", "TR-Conf.05b-N07", "TR-Conf.05b-N10", "TR-Conf.05b-N60", "TR-Conf.05b-N61")
    results = judged(suite, tmp_path, *only, declared="exception", policy="exception")
    for key in ("TR-Conf.05b-N01.tag-last-bit", "TR-Conf.05b-N10.last", "TR-Conf.05b-N10.lower"):
        assert results[key].verdict is Verdict.FAIL
        assert notes(results[key]) == ["declared deviation"]
    for key, result in results.items():
        if "-N07" in key or "-N6" in key:
            assert result.verdict is Verdict.PASS, (key, result.reason)


def test_mixed_policy_answers_counters_only(suite: Suite, tmp_path: Path) -> None:
    only = ("TR-Conf.05b-N01", "TR-Conf.05b-N10", "TR-Conf.05b-N60", "TR-Conf.05b-N61")
    results = judged(suite, tmp_path, *only, declared="mixed", policy="mixed")
    assert results["TR-Conf.05b-N01.tag-last-bit"].verdict is Verdict.PASS
    assert notes(results["TR-Conf.05b-N10.last"]) == ["declared deviation"]
    assert results["TR-Conf.05b-N60.tag-last-bit"].verdict is Verdict.NOT_APPLICABLE
    assert results["TR-Conf.05b-N61.last"].verdict is Verdict.PASS


def test_wrong_counter_in_an_exception_is_found(suite: Suite, tmp_path: Path) -> None:
    results = judged(suite, tmp_path, "TR-Conf.05b-N61", declared="mixed", policy="mixed", counter_off=1)
    result = results["TR-Conf.05b-N61.last"]
    assert result.verdict is Verdict.FAIL
    assert "invocation-counter-error" in result.findings[0].expected


def test_undeclared_exception_is_a_finding_without_excuse(suite: Suite, tmp_path: Path) -> None:
    results = judged(suite, tmp_path, "TR-Conf.05b-N01", declared="silent", policy="exception")
    result = results["TR-Conf.05b-N01.tag-last-bit"]
    assert result.verdict is Verdict.FAIL
    assert notes(result) == [None]
    assert "expected silence for 2.0 s, exception:1/5 came" in result.reason


def test_reason_says_how_long_silence_was_waited_for_and_what_the_probe_gave(suite: Suite, tmp_path: Path) -> None:
    results = judged(suite, tmp_path, "TR-Conf.05b-N01", declared="silent", policy="silent")
    reason = results["TR-Conf.05b-N01.tag-last-bit"].reason
    assert "expected silence for 2.0 s, nothing came" in reason
    assert "good requests with other invoke-ids were answered" in reason
