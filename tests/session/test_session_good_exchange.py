"""Good exchanges and the way back: who is asked, what counts as an answer, what rest a device gets."""

from collections.abc import Callable

import pytest

from harness.errors import ConnectionLost, Inconclusive, NonConformity, NotApplicable, PortGone
from harness.evidence.trace import read_trace
from harness.headend.head_end import HeadEnd
from harness.transport.base import Transport
from tests.session.conftest import Place, Reading, Say

REJECTED = Say(apdu=bytes.fromhex("6117A109060760857405080101A203020101A305A10302010D"))
DOORS = ("wrapper", "hdlc")


class ShutDoor:
    """A door that cannot be opened ``times`` times from now on."""

    def __init__(self, place: Place, monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
        self.left = times
        self.opened = 0
        original = place.transports.open

        def maybe_open(*arguments: object, **named: object) -> Transport:
            if self.left:
                self.left -= 1
                raise PortGone("connection refused")
            self.opened += 1
            return original(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came

        monkeypatch.setattr(place.transports, "open", maybe_open)


def at_door(place: Place, door: str, rests: list[float]) -> HeadEnd:
    head_end = place.head_end(door)
    head_end._connections.rest_for = rests.append
    return head_end


@pytest.mark.parametrize("door", DOORS)
def test_value_that_is_refused_shows_life(place: Place, door: str) -> None:
    place.meter.script = lambda request: (
        [Say(apdu=b"\xc4\x01" + request.invoke + b"\x01\x03")] if request.apdu[0] == 0xC0 else None
    )
    assert place.head_end(door).answers()


def test_client_that_is_refused_gives_way_to_the_next(place: Place) -> None:
    place.meter.script = lambda request: [REJECTED] if request.client == 16 and request.apdu[0] == 0x60 else None
    assert place.head_end("wrapper").answers()
    assert {request.client for request in place.meter.requests if request.apdu[0] == 0xC0} == {2}


def test_device_that_refuses_every_client_gives_no_good_exchange(place: Place) -> None:
    place.meter.script = lambda request: [REJECTED] if request.apdu[0] == 0x60 else None
    head_end = place.head_end("wrapper")
    assert not head_end.answers()
    assert "refused" in head_end.last_failure


def test_device_that_was_never_sound_lives_while_it_speaks(place: Place) -> None:
    place.meter.script = lambda request: [Say(apdu=b"\x61\x01\x00")] if request.apdu[0] == 0x60 else None
    head_end = place.head_end("wrapper")
    assert head_end.answers()
    assert head_end.last_failure
    place.meter.script = lambda request: []
    assert not head_end.answers()


def test_device_that_was_sound_and_speaks_nonsense_is_down(place: Place) -> None:
    head_end = place.head_end("wrapper")
    assert head_end.answers()
    place.meter.script = lambda request: [Say(apdu=b"\x61\x01\x00")] if request.apdu[0] == 0x60 else None
    assert not head_end.answers()


def test_clients_of_other_doors_are_not_asked(place: Place) -> None:
    public, reading = place.declaration.associations
    elsewhere = public.model_copy(update={"doors": ("hdlc",)})
    place.declaration = place.declaration.model_copy(update={"associations": (elsewhere, reading)})
    head_end = place.head_end("wrapper")
    assert head_end.answers()
    assert {request.client for request in place.meter.requests} == {2}
    with pytest.raises(NotApplicable, match=r"associations\.doors"):
        head_end.associate("public")
    with pytest.raises(Inconclusive, match="management"):
        head_end.associate("management")
    place.head_end("hdlc").associate("public")


def test_exchange_that_is_missed_once_is_good_after_a_short_rest(place: Place) -> None:
    missed = [True]
    place.meter.script = lambda request: [] if missed and missed.pop() else None
    head_end = place.head_end("wrapper")
    assert not head_end.answers()
    started = place.world.now
    assert head_end.recover()
    assert 0.5 <= place.world.now - started < 2.0
    assert head_end.timing.learnt_rest_s == 0.0


def test_device_that_shuts_its_door_between_connections_gets_its_rest_from_then_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    head_end = at_door(place, "wrapper", rests)
    assert head_end.answers()
    ShutDoor(place, monkeypatch, times=1)
    assert not head_end.answers()
    assert "refused" in head_end.last_failure
    assert head_end.answers_after_rest()
    rests.clear()
    head_end.associate("reading")
    assert rests == [0.5]
    of_next_scenario = at_door(place, "wrapper", rests)
    of_next_scenario.timing = of_next_scenario._connections.timing = head_end.timing
    of_next_scenario.associate("reading")
    assert rests == [0.5, 0.5]


def test_door_that_is_shut_in_the_middle_of_a_run_is_the_devices_doing(
    place: Place, reading_at: Callable[[str], Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = reading_at("wrapper")
    reading.client.close()
    ShutDoor(place, monkeypatch, times=1)
    with pytest.raises(Inconclusive, match="the door is shut") as ended:
        reading.head_end.associate("reading")
    assert ended.value.missing == "line"


def test_door_that_has_never_been_open_is_the_labs(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ShutDoor(place, monkeypatch, times=1)
    with pytest.raises(PortGone):
        place.head_end("wrapper").associate("reading")


@pytest.mark.parametrize("how", ["shut", "cut", "refused"])
def test_device_that_holds_the_old_association_is_waited_for(
    place: Place, reading_at: Callable[[str], Reading], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    reading = reading_at("wrapper")
    reading.client.drop()
    rests: list[float] = []
    reading.head_end._connections.rest_for = rests.append
    started = place.world.now
    if how == "shut":
        # Nobody is let in while the idle wait lasts either.
        ShutDoor(place, monkeypatch, times=2)
    else:
        said = [Say(hang_up=True)] if how == "cut" else [REJECTED]
        left = [said]
        place.meter.script = lambda request: left.pop() if left else None
    assert reading.head_end.associate_again(reading.client).is_associated
    assert place.world.now - started + sum(rests) >= 120.0


def test_device_that_cuts_every_new_association_is_a_finding(
    place: Place, reading_at: Callable[[str], Reading]
) -> None:
    reading = reading_at("wrapper")
    reading.client.drop()
    place.meter.script = lambda request: [Say(hang_up=True)] if request.client == 2 else None
    with pytest.raises(NonConformity) as found:
        reading.head_end.associate_again(reading.client)
    assert isinstance(found.value.__cause__, ConnectionLost)


def test_good_exchange_is_a_step_of_its_own_in_the_trace(place: Place) -> None:
    place.trace.begin_step("When something")
    assert place.head_end("wrapper").answers()
    assert {record["step"] for record in read_trace(place.trace_path)} == {"good exchange"}
    assert place.trace.step == "When something"
