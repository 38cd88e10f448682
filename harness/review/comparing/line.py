"""The line: response times, sizes, HDLC parameters, the inactivity time-out."""

from collections.abc import Iterator

from harness.declaration import Door
from harness.review.fact import DoorFacts, Row
from harness.review.traffic import DoorTraffic

__all__ = ["compare_line"]

_TOPIC = "line"
_HDLC_SETUP = 23
_WINDOW_SEND, _LONGEST_SEND, _LONGEST_TAKE, _INACTIVITY = 3, 5, 6, 8


def compare_line(door: Door, facts: DoorFacts, traffic: DoorTraffic) -> Iterator[Row]:
    """Yield what the traffic of a door shows, beside what is declared and announced about it."""
    if traffic.answers and not door.speaks_dlms:
        observed = f"{traffic.slowest_s:.3f} at most, with what the line takes"
        yield Row(door=door.id, topic=_TOPIC, item="response time in s", observed=observed, frame=traffic.slowest_frame)
    elif traffic.answers:
        slow = traffic.slowest_s > door.timing.response_time_s
        yield Row(
            door=door.id, topic=_TOPIC, item="response time in s",
            declared=f"{door.timing.response_time_s:g}",
            observed=f"{traffic.slowest_s:.3f} at most, {traffic.typical_s:.3f} typical ({traffic.answers} answers)",
            agrees=not slow, note="" if not slow else "slower than [doors.timing] response_time_s",
            frame=traffic.slowest_frame,
        )  # fmt: skip
    if traffic.longest_answer_octets:
        yield Row(
            door=door.id, topic=_TOPIC, item="longest APDU in octets",
            observed=f"{traffic.longest_answer_octets} from the device, {traffic.longest_request_octets} to it",
            frame=traffic.longest_answer_frame,
        )  # fmt: skip
    if traffic.strays:
        yield Row(
            door=door.id, topic=_TOPIC, item="octets outside of frames", observed=f"{traffic.strays} times",
            agrees=False, note="noise on the line, or octets that belong to no frame", frame=traffic.stray_frame,
        )  # fmt: skip
    if door.protocol == "hdlc":
        yield from _hdlc(door, traffic)
    yield from _announced(door, facts)


def _hdlc(door: Door, traffic: DoorTraffic) -> Iterator[Row]:
    agreed = traffic.negotiated
    if agreed is None:
        return
    proposed = (door.hdlc.max_information_transmit, door.hdlc.max_information_receive)
    said = f"{proposed[0]} to the device, {proposed[1]} from it" if door.hdlc.propose_parameters else "not proposed"
    limit = min(agreed.max_information_transmit, proposed[1]) if door.hdlc.propose_parameters else None
    over = limit is not None and traffic.longest_information_octets > limit
    yield Row(
        door=door.id, topic=_TOPIC, item="HDLC information in octets", declared=said,
        announced=f"takes {agreed.max_information_receive}, sends {agreed.max_information_transmit}",
        observed=f"{traffic.longest_information_octets} at most from the device", agrees=not over,
        note="" if not over else "longer than was negotiated", frame=traffic.negotiated_frame,
    )  # fmt: skip
    yield Row(
        door=door.id, topic=_TOPIC, item="HDLC window in frames",
        declared=f"{door.hdlc.window_transmit} to the device, {door.hdlc.window_receive} from it",
        announced=f"takes {agreed.window_receive}, sends {agreed.window_transmit}", frame=traffic.negotiated_frame,
    )  # fmt: skip


def _announced(door: Door, facts: DoorFacts) -> Iterator[Row]:
    """Yield what setup objects of HDLC say; a device may have several, so differences are only shown."""
    for (class_id, obis, attribute), read in facts.reads.items():
        if class_id != _HDLC_SETUP or read.data is None or not isinstance(read.data.value, int):
            continue
        value = read.data.value
        if attribute == _INACTIVITY:
            declared = door.timing.inactivity_timeout_s
            same = value == declared or "inactivity_timeout_s" not in door.timing.model_fields_set
            note = "" if value == declared else "[doors.timing] inactivity_timeout_s is another time"
            yield Row(
                door=door.id, topic=_TOPIC, item=f"inactivity time-out in s ({obis})", declared=f"{declared:g}",
                announced=str(value), agrees=(True if value == declared else None) if same else False, note=note,
                frame=read.frame,
            )  # fmt: skip
        elif attribute in (_WINDOW_SEND, _LONGEST_SEND, _LONGEST_TAKE):
            what = {_WINDOW_SEND: "window sent", _LONGEST_SEND: "octets sent", _LONGEST_TAKE: "octets taken"}[attribute]
            yield Row(
                door=door.id, topic=_TOPIC, item=f"HDLC setup, {what} ({obis})", announced=str(value), frame=read.frame,
            )  # fmt: skip
