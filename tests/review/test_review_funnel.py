"""The funnel foretells what a run runs; costs come from a trace; the estimate follows line rate and answer times."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from harness.declaration import EFFECTS, Declaration
from harness.plugin import ConformancePlugin
from harness.review.cost import Cost, CostTable, measure, packaged_costs
from harness.review.estimate import reckoned, waits
from harness.review.funnel import Fated, fates
from harness.run.items import Choice
from harness.run.suite import Suite, arguments_for_pytest

from .conftest import Patched

EVERYTHING = Choice(ceiling=frozenset(EFFECTS))


def _fates(suite: Suite, declaration: Declaration, choice: Choice = EVERYTHING) -> list[Fated]:
    return list(fates(suite.scenarios, declaration, suite.catalogue, choice, packaged_costs()))


@pytest.mark.slow
def test_what_is_in_the_run_is_what_pytest_collects(suite: Suite, patched: Patched) -> None:
    declaration = patched({"effects": {"ceiling": "clears"}})
    choice = Choice(only=("TR-Conf.02", "SU3"), ceiling=declaration.effects.allowed)
    plugin = ConformancePlugin(
        catalogue=suite.catalogue, scenarios=suite.scenarios, declaration=declaration, choice=choice
    )
    pytest.main([*arguments_for_pytest(suite.root), "--collect-only"], plugins=[plugin])
    foretold = {one.meta.key for one in _fates(suite, declaration, choice) if one.fate != "left out"}
    assert foretold == {meta.key for meta in plugin.collected}
    assert len(foretold) > 50


def test_reasons_are_those_of_the_declaration(suite: Suite, patched: Patched) -> None:
    declaration = patched(
        {
            "objects": {"load_profile": "absent", "limiter": None},
            "profiles": {"load_profile": None},
            "bench": {"power": None, "hands": None},
        }
    )
    narrow = Choice(doors=("loop-wrapper", "mbus"), ceiling=frozenset({"reads", "writes"}))
    found = [*_fates(suite, declaration, narrow), *_fates(suite, declaration)]
    by = Counter(one.by for one in found)
    assert by["--door"] > 100
    assert by["effect ceiling"] > 100
    assert by["role"] > 10
    absent = [one for one in found if one.by == "declared absent"]
    assert absent
    assert all(one.fate == "fails at once" and "load_profile" in one.reason for one in absent)
    missing = {one.reason for one in found if one.fate == "inconclusive"}
    assert "the declaration does not mention objects.limiter" in missing
    assert any("bench" in reason and "power" in reason for reason in missing)


def test_without_a_bench_that_moves_time_distant_moments_are_out_of_reach(suite: Suite, patched: Patched) -> None:
    def waiting(bench: str) -> int:
        return sum(one.by == "waiting" for one in _fates(suite, patched({"bench": {"time": bench}})))

    assert waiting("reference") == 0
    assert waiting("realtime") > waiting("clock_setting")


def test_every_waiting_scenario_stands_in_the_plan(suite: Suite, patched: Patched) -> None:
    declaration = patched({"bench": {"time": "clock_setting"}})
    items = _fates(suite, declaration)
    plan = {wait.moment: wait for wait in waits(items, declaration)}
    assert plan["month end"].items
    assert plan["month end"].likely_s >= plan["month end"].times * 20
    running = {one.meta.key for one in items if one.fate == "runs"}
    assert all(set(wait.items) <= running for wait in plan.values())


def test_a_slow_line_and_slow_answers_take_longer(suite: Suite, patched: Patched) -> None:
    def likely_s(url: str, answer_s: float | None = None) -> float:
        declaration = patched(
            {"doors": [{"id": "wan", "protocol": "hdlc", "url": url}], "bench": {"control": "tcp://127.0.0.1:1"}}
        )
        items = _fates(suite, declaration, Choice(only=("SU3.step2",), ceiling=frozenset(EFFECTS)))
        spans, _ = reckoned(items, declaration, {} if answer_s is None else {"wan": answer_s})
        span = spans["wan"]
        assert span.least_s <= span.likely_s <= span.most_s
        return span.likely_s

    slow, quick = likely_s("serial:///dev/null?baud=300"), likely_s("serial:///dev/null?baud=9600")
    assert slow > 3 * quick
    assert likely_s("serial:///dev/null?baud=9600", 3.0) > quick > likely_s("serial:///dev/null?baud=9600", 0.01)


def test_listening_takes_as_long_as_telegrams_are_apart(suite: Suite, patched: Patched) -> None:
    def likely_s(period_s: float) -> float:
        port = {"id": "p1", "protocol": "p1", "url": "tcp://127.0.0.1:2", "p1": {"period_s": period_s}}
        declaration = patched({"doors": [port], "bench": {"control": "tcp://127.0.0.1:1"}})
        items = _fates(suite, declaration, Choice(only=("MF.2-P01",), ceiling=frozenset(EFFECTS)))
        return reckoned(items, declaration, {})[0]["p1"].likely_s

    # Twelve telegrams are heard.
    assert 110 < likely_s(10.0) < 130
    assert 10 < likely_s(1.0) < 15


def _records() -> Iterator[dict[str, Any]]:
    def bench(event: str, local: str) -> dict[str, Any]:
        return {"key": "A-P01.x@wan", "kind": "value", "event": event, "value": {"ok": True, "local": local}}

    yield {"key": "A-P01.x@wan", "kind": "open", "door": "wan"}
    yield {"key": "A-P01.x@wan", "kind": "tx", "data": "0102", "door": "wan"}
    yield {"key": "A-P01.x@wan", "kind": "rx", "data": "01020304", "door": "wan"}
    yield {"key": "A-P01.x@wan", "kind": "quiet", "door": "wan"}
    yield bench("bench:now", "2026-03-30T11:00:00")
    yield bench("bench:advance", "2026-03-30T11:01:00")
    yield bench("bench:advance", "2026-03-30T11:15:00")
    yield bench("bench:advance", "2026-03-31T22:00:00")
    yield bench("bench:advance", "2026-04-01T00:00:01")
    yield bench("bench:power_cut", "2026-04-01T00:00:01")
    yield {"key": "residue:before", "kind": "tx", "data": "01", "door": "wan"}


def test_cost_of_a_scenario_is_what_its_records_show() -> None:
    table = measure(_records(), {"wan": "wrapper"}, {"wan": "tcp"})
    cost = table.of("A-P01.x", "wrapper")
    assert cost is not None
    assert (cost.turns, cost.octets, cost.connections, cost.silences) == (1, 6, 1, 1)
    assert cost.waited_s == 60
    assert cost.moments == {"period end": 1, "month end": 1}
    assert cost.benches == {"time", "power"}
    assert table.of("A-P01.x", "hdlc") == cost, "better than nothing where it never ran at such a door"
    assert table.of("A-P02", "wrapper") is None
    again = {name: {"wrapper": Cost.from_json(entry["wrapper"])} for name, entry in table.to_json()["costs"].items()}
    assert CostTable(costs=again).to_json() == table.to_json()


def test_packaged_costs_know_most_scenarios(suite: Suite, patched: Patched) -> None:
    items = [one for one in _fates(suite, patched({})) if one.protocol and not one.meta.invariant]
    unknown = sum(one.cost is None and one.fate == "runs" for one in items)
    assert unknown < len(items) / 4, "measure again: python -m harness.review RUN-FOLDER"
