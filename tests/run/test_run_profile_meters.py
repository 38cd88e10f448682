"""The scenarios about profiles and demand against meters that are right in other ways, and against defects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.bench.base import Bench
from harness.declaration import EFFECTS, Door, merge_patch, parse_declaration, read_data
from harness.plugin import ConformancePlugin
from harness.run.items import Choice
from harness.run.run import Run
from harness.run.suite import Suite, arguments_for_pytest
from harness.transport.loop_device import LoopDevice, LoopLink
from harness.verdict import ScenarioResult, Verdict
from reference_meter.codec import conformance
from reference_meter.deviations.family import wrap
from reference_meter.deviations.reading import Read, change_values
from reference_meter.deviations.registry import DEVIATIONS
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.model.data import Pair
from reference_meter.model.selection import Selected, select_entries
from reference_meter.server.model_port import EntrySelection, Selection
from reference_meter.server.settings import ALL_SERVICES, LinkSettings

ROOT = Path(__file__).parents[2]
DEFAULT = MeterConfiguration()
ALL = (
    *(f"TR-Conf.08b-P0{number}" for number in range(1, 5)),
    *(f"TR-Conf.08b-N0{number}" for number in range(1, 6)),
    *(f"SU3.step2-{number}" for number in ("P04", "P05", "P06", "N03", "N04")),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One meter and what its declaration says."""

    alter: Callable[[Meter], None] = lambda meter: None
    configuration: MeterConfiguration = DEFAULT
    patch: Mapping[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ALL
    not_applicable: frozenset[str] = frozenset()


class LiveLink:
    """A link on which the metering time goes with that of the line."""

    def __init__(self, meter: "LiveMeter", link: LoopLink) -> None:
        self._meter = meter
        self._link = link
        self.closed_by_peer = link.closed_by_peer
        self.take_events = link.take_events

    def receive(self, data: bytes, line_now: float) -> None:
        self._meter.follow(line_now)
        self._link.receive(data, line_now)


class LiveMeter:
    """A meter in real time; as its own bench it lets time pass."""

    kind = "real"
    uncertainty_s = 0.5
    uncertainty_percent = 1.0

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._line_now = 0.0
        self.tick = meter.tick
        self.next_due = meter.next_due
        self.control = meter.control
        self.fired = meter.fired

    def open(self, door: str, line_now: float) -> LiveLink:
        return LiveLink(self, self._meter.open(door, line_now))

    def follow(self, line_now: float) -> None:
        self.advance(line_now - self._line_now)
        self._line_now = line_now

    def now(self) -> datetime:
        return datetime.fromisoformat(str(self.control({"op": "now"})["utc"]))

    def advance(self, seconds: float) -> None:
        self.control({"op": "advance", "seconds": seconds})

    def apply(self, import_w: float, export_w: float) -> None:
        self.control({"op": "set_load", "import_w": import_w, "export_w": export_w})


class LiveRun(Run):
    """A run in which the meter is its own bench."""

    def bench(self, door: Door) -> Bench:
        live = self.world.device_for(door.url)
        assert isinstance(live, LiveMeter)
        return Bench(time=live, load=live, disturbance=None)


Conduct = Callable[..., dict[str, ScenarioResult]]


@pytest.fixture
def conduct_case(suite: Suite, tmp_path: Path) -> Conduct:
    """Return a function that runs scenarios at the wrapper door of a case's meter."""

    def run_case(case: Case, *only: str, live: bool = False) -> dict[str, ScenarioResult]:
        declared = read_data(ROOT / "devices" / "reference-loop.toml")
        declaration = parse_declaration(merge_patch(declared, case.patch), name="case")
        results: list[ScenarioResult] = []

        def make(options: Mapping[str, str]) -> LoopDevice:
            meter = Meter(case.configuration)
            case.alter(meter)
            return LiveMeter(meter) if live else meter

        run = (LiveRun if live else Run)(
            declaration=declaration,
            catalogue=suite.catalogue,
            trace_path=tmp_path / "trace.jsonl",
            keep=results.append,
            loop_makers={"reference": make},
        )
        choice = Choice(only=only, doors=("loop-wrapper",), ceiling=frozenset(EFFECTS))
        plugin = ConformancePlugin(
            catalogue=suite.catalogue, scenarios=suite.scenarios, declaration=declaration, choice=choice
        )
        plugin.run = run
        try:
            pytest.main([*arguments_for_pytest(ROOT), "-s"], plugins=[plugin])
        finally:
            run.close()
        assert not plugin.collection_errors
        return {result.id: result for result in results}

    return run_case


def verdicts(results: Mapping[str, ScenarioResult]) -> dict[str, str]:
    """What is not PASS."""
    return {key: f"{one.verdict}: {one.reason}" for key, one in results.items() if one.verdict is not Verdict.PASS}


def of_profile(period_s: int = 900, entries: int = 960, **declared: object) -> dict[str, Any]:
    return {"profiles": {"load_profile": {"period_s": period_s, "entries": entries, **declared}}}


def captures_by_hand(meter: Meter) -> None:
    meter.control({"op": "advance", "seconds": 425})
    meter.model.metering.capture.capture_row()


def captures_twice(meter: Meter) -> None:
    """The two oldest of the rows that the suite knows share their time stamp."""
    metering = meter.model.metering
    metering.capture.capture_row()
    meter.control({"op": "advance", "seconds": 18 * 900})


def stores_late(meter: Meter) -> None:
    """Rows can be read three seconds after their time stamp."""
    metering = meter.model.metering

    def select(original: Callable[..., Selected], selection: Selection | None) -> Selected:
        found = original(selection)
        stored = metering.now - timedelta(seconds=3)
        return replace(found, rows=[row for row in found.rows if row.captured_at <= stored])

    wrap(metering.profile, "select", select)


def keeps_newest_first(sort_method: int) -> Callable[[Meter], None]:
    def alter(meter: Meter) -> None:
        profile = meter.model.metering.profile

        def select(original: Callable[..., Selected], selection: Selection | None) -> Selected:
            if isinstance(selection, EntrySelection):
                return select_entries(tuple(profile.rows)[::-1], len(profile.columns), selection)
            found = original(selection)
            return replace(found, rows=list(found.rows)[::-1])

        def tell(read: Read, pair: Pair) -> Pair:
            told = read.obis == meter.configuration.instances.load_profile and read.attribute == 5
            return (22, sort_method) if told else pair

        wrap(profile, "select", select)
        change_values(meter, tell)

    return alter


def has_rows(count: int) -> Callable[[Meter], None]:
    def alter(meter: Meter) -> None:
        rows = meter.model.metering.profile.rows
        while len(rows) > count:
            rows.popleft()

    return alter


def was_off(meter: Meter) -> None:
    metering = meter.model.metering
    metering.set_time(metering.now + timedelta(days=30))


def clock_is_not_set(meter: Meter) -> None:
    def forget(read: Read, pair: Pair) -> Pair:
        is_time = read.obis == meter.configuration.instances.clock and read.attribute == 2
        return (9, bytes.fromhex("FFFFFFFFFFFFFFFFFF8000FF")) if is_time else pair

    change_values(meter, forget)


def drops_long_answer_of_others(meter: Meter) -> None:
    def forget(read: Read, pair: Pair) -> Pair:
        if read.client == 1:
            for key, association in meter.server.associations.open.items():
                if key.client != 1:
                    association.long_get = None
        return pair

    change_values(meter, forget)


def deviates(name: str) -> Callable[[Meter], None]:
    return lambda meter: DEVIATIONS[name].install(meter, Random(1))


RIGHT = {
    "newest row captured by hand": Case(alter=captures_by_hand),
    "two rows at one time": Case(alter=captures_twice, only=("SU3.step2-P04",)),
    "rows stored late": Case(alter=stores_late),
    "newest row first, as the device says": Case(alter=keeps_newest_first(2)),
    "newest row first, as declared": Case(alter=keeps_newest_first(2), patch=of_profile(order="lifo")),
    "three rows": Case(alter=has_rows(3)),
    "no rows yet": Case(alter=has_rows(0)),
    "off for a month": Case(alter=was_off),
    "few rows kept": Case(
        configuration=replace(DEFAULT, profile=ProfileSettings(entries=2)),
        patch=of_profile(entries=2),
        only=("TR-Conf.08b-P01", "TR-Conf.08b-N01", "TR-Conf.08b-N02", "TR-Conf.08b-N04"),
    ),
    "by entries only": Case(
        patch=of_profile(selective_access=["entry"]),
        not_applicable=frozenset({"SU3.step2-P04", "SU3.step2-P06", "SU3.step2-N04", "TR-Conf.08b-P03"}),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("live", [False, True], ids=["by hand", "live"])
@pytest.mark.parametrize("name", RIGHT)
def test_right_meter_passes(conduct_case: Conduct, name: str, live: bool) -> None:
    case = RIGHT[name]
    results = conduct_case(case, *case.only, live=live)
    spared = {key for key, one in results.items() if one.verdict is Verdict.NOT_APPLICABLE}
    assert spared == case.not_applicable, verdicts(results)
    assert set(verdicts(results)) == spared, verdicts(results)


@pytest.mark.slow
def test_slow_meter_with_short_periods_passes(conduct_case: Conduct) -> None:
    case = Case(
        configuration=replace(DEFAULT, profile=ProfileSettings(period_s=60), link=LinkSettings(reaction_s=5.0)),
        patch={
            **of_profile(60),
            "doors": [
                {
                    "id": "loop-wrapper",
                    "protocol": "wrapper",
                    "url": "loop://reference",
                    "connections": 4,
                    "associations": 4,
                    "timing": {"response_time_s": 6.0},
                }
            ],
        },
    )
    schedule = ("TR-Conf.08b-P01", *(f"TR-Conf.08b-N0{number}" for number in range(1, 5)))
    assert verdicts(conduct_case(case, *schedule, live=True)) == {}


def test_device_without_block_transfer_is_spared_the_blocks(conduct_case: Conduct) -> None:
    case = Case(
        configuration=replace(DEFAULT, link=LinkSettings(conformance=ALL_SERVICES & ~conformance.BLOCK_GET)),
    )
    results = conduct_case(case, *ALL)
    spared = {"TR-Conf.08b-P03", "TR-Conf.08b-N03", "SU3.step2-P06", "SU3.step2-N03"}
    assert {key for key, one in results.items() if one.verdict is Verdict.NOT_APPLICABLE} == spared
    assert set(verdicts(results)) == spared


def test_period_that_may_begin_anew_each_hour_is_undecided(conduct_case: Conduct) -> None:
    case = Case(configuration=replace(DEFAULT, profile=ProfileSettings(period_s=420)), patch=of_profile(420))
    result = conduct_case(case, "TR-Conf.08b-N02")["TR-Conf.08b-N02"]
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.reason.startswith("declaration: a capture period of 420 s")


def test_clock_that_is_not_set_leaves_profiles_undecided(conduct_case: Conduct) -> None:
    results = conduct_case(Case(alter=clock_is_not_set), "TR-Conf.08b-N02", "SU3.step2-P04", "SU3.step2-N04")
    assert {one.verdict for one in results.values()} == {Verdict.INCONCLUSIVE}
    assert all("no fully specified time" in one.reason for one in results.values())


def test_wrong_scaler_is_not_held_against_the_schedule(conduct_case: Conduct) -> None:
    def spoil(read: Read, pair: Pair) -> Pair:
        return (0, None) if read.obis == DEFAULT.instances.energy_import_total and read.attribute == 3 else pair

    results = conduct_case(Case(alter=lambda meter: change_values(meter, spoil)), "TR-Conf.08b-P01", "TR-Conf.08b-P03")
    assert results["TR-Conf.08b-P01"].verdict is Verdict.INCONCLUSIVE
    assert "basis: " in results["TR-Conf.08b-P01"].reason
    assert results["TR-Conf.08b-P03"].verdict is Verdict.PASS


def test_profile_that_cannot_be_read_is_not_held_against_the_schedule(conduct_case: Conduct) -> None:
    def spoil(read: Read, pair: Pair) -> Pair:
        return (18, 5) if read.obis == DEFAULT.instances.load_profile and read.attribute == 3 else pair

    results = conduct_case(Case(alter=lambda meter: change_values(meter, spoil)), *ALL[:9])
    judged = {key for key, one in results.items() if one.verdict is Verdict.FAIL}
    assert judged == set(), verdicts(results)


@pytest.mark.parametrize(
    ("case", "scenario", "live"),
    [
        (Case(alter=deviates("read-closes-demand-period")), "TR-Conf.08b-P02", True),
        (Case(alter=deviates("read-resets-max-demand")), "TR-Conf.08b-P04", True),
        (
            Case(
                alter=deviates("read-resets-max-demand"),
                patch={"objects": {"average_demand_import": "absent"}, "metering": {"demand_period_s": 900}},
            ),
            "TR-Conf.08b-P04",
            False,
        ),
        (Case(alter=drops_long_answer_of_others), "TR-Conf.08b-P03", False),
        (
            Case(
                alter=deviates("entry-selection-off-by-one"),
                patch=of_profile(selective_access=["entry"]),
            ),
            "SU3.step2-P05",
            False,
        ),
        (Case(alter=deviates("capture-skipped-while-association-open")), "TR-Conf.08b-N02", True),
    ],
    ids=["demand-period", "maximum", "maximum-alone", "long-answer", "entries", "captures"],
)
def test_defect_is_found(conduct_case: Conduct, case: Case, scenario: str, live: bool) -> None:
    result = conduct_case(case, scenario, live=live)[scenario]
    assert result.verdict is Verdict.FAIL, result.reason
