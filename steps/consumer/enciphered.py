"""What enciphered telegrams have besides, and lists that come more rarely than the others."""

from collections.abc import Sequence

from pytest_bdd import then, when

from harness.errors import Inconclusive
from harness.headend.consumer import Arrival, Heard
from harness.run.trial import Trial
from steps.consumer.listening import judge_pace, listen, longer_list_of, port_of, telegrams_heard

_AGAIN = 2


# Longer lists


@when("telegrams are heard until each longer list has come twice", target_fixture="heard")
def heard_until_twice(trial: Trial) -> Heard:
    port = port_of(trial)
    longest_s = max(longer.period_s for longer in port.longer) * (_AGAIN + 1)
    if not port.door.is_virtual and longest_s > trial.declaration.bench.longest_wait_s:
        raise Inconclusive(
            f"longer lists take up to {longest_s:g} s; longer than [bench] longest_wait_s is not waited",
            missing="bench",
        )
    return listen(trial, int(longest_s / port.settings.period_s) + 1)


@then("each longer list comes at its pace")
def longer_lists_at_pace(trial: Trial, heard: Heard) -> None:
    for longer in port_of(trial).longer:
        of_it = [arrival for arrival in heard.arrivals if longer_list_of(trial, arrival) is longer]
        if len(of_it) < _AGAIN:
            raise trial.fail(
                expected=f"a list of {len(longer.objects)} objects every {longer.period_s:g} s",
                observed=f"{len(of_it)} of them in {_lasted_s(heard.arrivals):.0f} s",
                frame=heard.frame,
            )
        judge_pace(trial, [arrival.began for arrival in of_it], longer.period_s, of_it[-1].frame)


def _lasted_s(arrivals: Sequence[Arrival]) -> float:
    return arrivals[-1].ended - arrivals[0].began


# Counters and keys


def counters_of(heard: Heard) -> list[tuple[int, int]]:
    """Return the invocation counters of telegrams that can be opened, with their frames."""
    found = [(arrival.counter, arrival.frame) for arrival in heard.arrivals]
    counters = [(counter, frame) for counter, frame in found if counter is not None]
    if not counters:
        raise Inconclusive("no telegram can be opened with the declared keys", missing="device")
    return counters


@then("their invocation counters rise")
def counters_rise(trial: Trial, heard: Heard) -> None:
    before: int | None = None
    for counter, frame in counters_of(heard):
        if before is not None and counter <= before:
            raise trial.fail(expected=f"a counter above {before}", observed=f"{counter}", frame=frame)
        before = counter


@when("the supply is away for a moment", target_fixture="before_cut")
def supply_away(trial: Trial, heard: Heard) -> Heard:
    trial.power.cut()
    trial.at_the_end(trial.power.restore)
    trial.power.restore()
    return heard


@when("telegrams are heard after it", target_fixture="heard")
def heard_after(trial: Trial) -> Heard:
    return telegrams_heard(trial)


@then("their counters are above those from before the cut")
def counters_above(trial: Trial, before_cut: Heard, heard: Heard) -> None:
    highest = max(counter for counter, _ in counters_of(before_cut))
    for counter, frame in counters_of(heard):
        if counter <= highest:
            raise trial.fail(expected=f"counters above {highest}", observed=f"{counter}", frame=frame)


@then("no key of an association opens them")
def no_other_key_opens(trial: Trial, heard: Heard) -> None:
    keys = {
        secret.reveal()
        for path, secret in trial.declaration.secrets()
        if path[0] == "associations" and path[-1] in ("encryption_key", "broadcast_key", "master_key")
    }
    if not keys:
        raise Inconclusive("no association has a key to try", missing="declaration")
    last = heard.last
    if any(last.layout.is_read_with(key, last.octets) for key in keys):
        raise trial.fail(
            expected="keys of the consumer's own", observed="a key of an association opens it", frame=last.frame
        )
