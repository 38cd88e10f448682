"""Supply and seal of the reference meter, as a scenario handles them."""

import pytest

from harness.bench.base import BenchContext
from harness.bench.reference import ReferenceBench, make
from harness.errors import BenchError, Inconclusive
from reference_meter.loop import make as make_meter


def _bench(asked: list[dict[str, object]]) -> ReferenceBench:
    device = make_meter({})

    def control(request: dict[str, object]) -> dict[str, object]:
        asked.append(request)
        return device.control(request)

    return make(BenchContext(control=control, constant_load=None, recall=lambda name, produce: produce()))


def test_supply_and_seal_are_handled_by_control() -> None:
    asked: list[dict[str, object]] = []
    bench = _bench(asked)
    before = bench.now()
    bench.open_seal()
    bench.cut()
    bench.advance(60)
    bench.restore()
    bench.close_seal()
    assert (bench.now() - before).total_seconds() == 60
    operations = [(request["op"], request.get("open")) for request in asked]
    assert ("seal", True) in operations
    assert ("seal", False) in operations
    assert [name for name, _ in operations if str(name).startswith("power")] == ["power_cut", "power_restore"]


def test_what_the_meter_refuses_is_no_ability_of_the_bench() -> None:
    bench = ReferenceBench(lambda request: {"ok": False, "error": "no seal"}, lambda name, produce: produce())
    for attempt in (bench.cut, bench.restore, bench.open_seal, bench.close_seal):
        with pytest.raises(Inconclusive, match=r"the bench reference cannot .*: no seal"):
            attempt()


def test_an_answer_that_is_none_is_an_error_of_the_bench() -> None:
    bench = ReferenceBench(lambda request: {"done": True}, lambda name, produce: produce())
    with pytest.raises(BenchError, match="the reference bench answers"):
        bench.cut()


def test_without_a_meter_behind_the_door_there_is_no_such_bench() -> None:
    with pytest.raises(Inconclusive):
        make(BenchContext(control=None, constant_load=None, recall=lambda name, produce: produce()))


def test_firmware_is_updated_and_goes_back() -> None:
    asked: list[dict[str, object]] = []
    bench = _bench(asked)
    bench.install_firmware("other")
    bench.install_firmware("former")
    assert [request["installed"] for request in asked if request["op"] == "firmware"] == ["other", "former"]
