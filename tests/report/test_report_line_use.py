"""How busy a serial line was, from records of a trace."""

from typing import Any

import pytest

from harness.report.line_use import LineRate, describe_line_use, line_uses

RATES = {"line": LineRate(baud=9600, bits=10, reaction_s=0.02)}
LINE_S = 10 / 960
"""Ten octets of ten bits at 9,600 baud."""


def record(kind: str, t: float, octets: int = 0, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "t": t, "door": "line", "link": 1, "key": "A", "step": "reads", "data": "00" * octets, **more}


def test_an_exchange_without_waste_is_busy_all_its_time() -> None:
    (use,) = line_uses([record("tx", 5.0, 10), record("rx", 5.02 + 2 * LINE_S, 10)], RATES)
    assert (use.octets, use.reactions) == (20, 1)
    assert use.line_s == pytest.approx(2 * LINE_S)
    assert use.reaction_s == pytest.approx(0.02)
    assert use.per_cent == pytest.approx(100.0)


def test_what_comes_late_or_leaves_late_counts_against_the_line() -> None:
    answered = 1.05 + 2 * LINE_S
    records = [
        record("tx", 1.0, 10),
        record("rx", answered, 10),
        record("apdu_rx", answered, 8),
        record("tx", answered + 0.01, 10),
        record("rx", answered + 0.03 + 2 * LINE_S, 10),
    ]
    (use,) = line_uses(records, RATES)
    # 30 ms behind the declared reaction, and 10 ms until the next request.
    assert use.exchange_s - use.reaction_s - use.line_s == pytest.approx(0.04)
    assert use.per_cent == pytest.approx(100 * 4 * LINE_S / (4 * LINE_S + 0.04))


def test_a_device_quicker_than_declared_gains_nothing() -> None:
    (use,) = line_uses([record("tx", 0.0, 10), record("rx", 0.005 + 2 * LINE_S, 10)], RATES)
    assert use.reaction_s == pytest.approx(0.005)
    assert use.per_cent == pytest.approx(100.0)


@pytest.mark.parametrize("kind", ["quiet", "lost", "close"])
def test_a_request_without_an_answer_is_no_exchange(kind: str) -> None:
    records = [record("tx", 0.0, 10), record(kind, 2.0), record("tx", 2.0, 10), record("rx", 2.02 + 2 * LINE_S, 10)]
    (use,) = line_uses(records, RATES)
    assert (use.octets, use.reactions) == (20, 1)
    assert use.per_cent == pytest.approx(100.0)


@pytest.mark.parametrize(
    "between",
    [
        {"kind": "value", "key": "A", "step": "reads", "event": "bench"},
        record("quiet", 1.0),
        record("note", 1.0, event="line set to 9600 baud 8N1"),
    ],
)
def test_what_the_run_does_between_two_exchanges_is_not_the_lines_time(between: dict[str, Any]) -> None:
    first, second = 0.02 + 2 * LINE_S, 7.02 + 2 * LINE_S
    records = [record("tx", 0.0, 10), record("rx", first, 10), between, record("tx", 7.0, 10), record("rx", second, 10)]
    (use,) = line_uses(records, RATES)
    assert use.exchange_s == pytest.approx(2 * first)


def test_the_next_step_begins_anew_and_so_does_the_next_scenario() -> None:
    answered = 0.02 + 2 * LINE_S
    for more in ({"step": "writes"}, {"key": "B"}):
        records = [record("tx", 0.0, 10), record("rx", answered, 10)]
        records += [record("tx", 3.0, 10, **more), record("rx", 3.0 + answered, 10, **more)]
        (use,) = line_uses(records, RATES)
        assert use.exchange_s == pytest.approx(2 * answered)
        assert use.reactions == 2


def test_octets_count_at_the_rate_to_which_the_line_was_set() -> None:
    slow_s = 10 * 10 / 300
    records = [record("note", 0.0, event="line set to 300 baud 7E1"), record("tx", 0.0, 10)]
    (use,) = line_uses([*records, record("rx", 2 * slow_s + 0.02, 10)], RATES)
    assert use.line_s == pytest.approx(2 * slow_s)


def test_frames_in_a_row_are_one_answer_and_chunks_do_not_count_twice() -> None:
    records = [record("tx", 0.0, 10), record("chunk", 0.03, 20)]
    records += [record("rx", 0.03, 10, part=True), record("rx", 0.02 + 3 * LINE_S, 10, part=True)]
    (use,) = line_uses(records, RATES)
    assert (use.octets, use.reactions) == (30, 1)
    assert use.per_cent == pytest.approx(100.0)


def test_other_doors_and_lines_without_an_exchange_have_no_figure() -> None:
    assert line_uses([record("tx", 0.0, 10)], RATES) == ()
    assert line_uses([record("tx", 0.0, 10, door="tcp"), record("rx", 1.0, 10, door="tcp")], RATES) == ()


def test_the_figure_is_told_with_its_parts() -> None:
    (use,) = line_uses([record("tx", 0.0, 10), record("rx", 0.02 + 3 * LINE_S, 10)], RATES)
    assert use.to_json()["per_cent"] == 66.67
    assert describe_line_use(use.to_json()) == (
        "line line: busy 66.7 per cent of the exchange time outside the reaction times "
        "(20 octets, 0.0 s; exchanges 0.1 s, 0.0 s of it for 1 reactions)"
    )
