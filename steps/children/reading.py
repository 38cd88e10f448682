"""What the device shows of meters behind it, beside what they say themselves."""

from dataclasses import dataclass
from datetime import datetime

from pytest_bdd import given, then, when

from harness.checks.children import identity_is_shown, no_row_beside, shown_as_counted
from harness.declaration import Child, CosemObject
from harness.errors import NotApplicable
from harness.headend.client import Client
from harness.headend.mbus import MBusMaster, Reading
from harness.headend.mbus.itself import identity_of
from harness.headend.restoring.child_keys import ChildKeys
from harness.headend.shown_child import ShownChild, ShownValue
from harness.run.trial import Trial

_HALF_AN_HOUR_S = 1800
_BESIDE_S = 120
_MOST_MOVES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One meter behind the device: as it is shown, and as it answers itself."""

    child: Child
    shown: ShownChild
    master: MBusMaster

    @property
    def register(self) -> CosemObject:
        """The declared register."""
        if self.child.value is None:
            raise NotApplicable("its register is not shown", item="children.value")
        return self.child.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What is shown of one meter, with readings of it before and after it was fetched."""

    behind: Behind
    before: Reading
    began: datetime
    shown: ShownValue
    ended: datetime
    after: Reading


def master_at(trial: Trial, child: Child) -> MBusMaster:
    """Return a master at the meter's own line."""
    link = child.link
    if link is None or trial.side_at is None:
        raise NotApplicable("the meter behind the device cannot be asked itself", item="children.link")
    # Doors in this process and doors of the lab lead to two devices of one kind.
    if link.is_virtual != trial.door.is_virtual:
        raise NotApplicable("no line leads to the meter behind the device of this door", item="children.link")
    master = trial.side_at(link)
    if not isinstance(master, MBusMaster):
        raise ValueError(f"no M-Bus master stands at {link.id}")
    trial.at_the_end(master.close_all)
    if child.key is not None:
        master.use_key(child_keys(trial, child).in_force)
    return master


def child_keys(trial: Trial, child: Child) -> ChildKeys:
    """Return the keys of a meter, given by the ciphered client of role management, else by the plain one."""
    declared = trial.declaration.ciphered_association(trial.door, role="management")
    return ChildKeys(trial.head_end, trial.trace, declared or trial.head_end.association("management"), child)


@given("the meters behind the device", target_fixture="family")
def meters_behind(trial: Trial, client: Client) -> list[Behind]:
    return [
        Behind(child=child, shown=ShownChild(client, child, trial.object("clock")), master=master_at(trial, child))
        for child in trial.declaration.children
    ]


def fetch(trial: Trial, behind: Behind) -> None:
    """Have the device ask the meter, or wait until it has."""
    if behind.shown.may_capture:
        behind.shown.invoke("capture")
    else:
        trial.let_pass(behind.child.refresh_s, behind.shown.client)


def own(behind: Behind) -> Reading:
    """Ask the meter itself; what is wrong there is not the device's doing."""
    return behind.master.judged_read()


@when("the device fetches what they have counted, while they are asked themselves", target_fixture="between")
def fetched_between(trial: Trial, family: list[Behind]) -> list[Between]:
    return [_fetched_between(trial, behind) for behind in family]


def _fetched_between(trial: Trial, behind: Behind) -> Between:
    with trial.basis():
        before = own(behind)
    client = behind.shown.client
    began = trial.metering_now(client)
    fetch(trial, behind)
    shown = behind.shown.value(behind.register, trial.clause)
    ended = trial.metering_now(client)
    with trial.basis():
        after = own(behind)
    return Between(behind=behind, before=before, began=began, shown=shown, ended=ended, after=after)


@when("half an hour passes")
def half_an_hour(trial: Trial, client: Client) -> None:
    trial.let_pass(_HALF_AN_HOUR_S, client)


@then("their registers are what they say themselves")
def registers_shown(trial: Trial, between: list[Between]) -> None:
    for one in between:
        counts = one.before.settings.counts
        resolution = max(one.before.resolution, one.shown.resolution)
        judged = shown_as_counted(
            one.shown.value, one.shown.unit, counts, one.before.total, one.after.total, resolution
        )
        trial.judge(judged, one.shown.frame)


@then("the registers shown still are what they say themselves")
def registers_still_shown(trial: Trial, family: list[Behind]) -> None:
    registers_shown(trial, [_fetched_between(trial, behind) for behind in family])


@then("their registers say when they were fetched")
def times_shown(trial: Trial, between: list[Between]) -> None:
    told = [(one, one.shown.captured_at) for one in between if one.shown.captured_at is not None]
    if not told:
        raise NotApplicable("the register is of a class without time", item="children.value.class")
    for one, at in told:
        judge_time(trial, one, at)


@then("their registers are fetched anew as far as they say when")
def fetched_anew(trial: Trial, between: list[Between]) -> None:
    for one in between:
        if one.shown.captured_at is not None:
            judge_time(trial, one, one.shown.captured_at)


def judge_time(trial: Trial, one: Between, at: datetime) -> None:
    """The time of a capture lies between those of the clock before and after it."""
    tolerance_s = one.behind.child.time_tolerance_s
    early_s, late_s = (one.began - at).total_seconds(), (at - one.ended).total_seconds()
    if max(early_s, late_s) > tolerance_s:
        raise trial.fail(
            expected=f"a time of capture from {one.began:%Y-%m-%d %H:%M:%S} to {one.ended:%Y-%m-%d %H:%M:%S} UTC "
            f"within {tolerance_s:g} s",
            observed=f"{at:%Y-%m-%d %H:%M:%S} UTC",
            frame=one.shown.frame,
        )


@then("they are who they say they are")
def identities_shown(trial: Trial, family: list[Behind]) -> None:
    for behind in family:
        with trial.basis():
            told = identity_of(behind.master, own(behind))
        frame = behind.shown.client.conversation.frame
        trial.judge(identity_is_shown(behind.shown.identity(), told), frame)
        primary = behind.master.settings.primary
        if primary is not None and behind.shown.primary != primary:
            raise trial.fail(expected=f"primary address {primary}", observed=str(behind.shown.primary))


@then("captures of the moment add no row to their profiles")
def no_row_added(trial: Trial, family: list[Behind]) -> None:
    clock = trial.object("clock")
    for behind in family:
        if behind.child.profile is None:
            raise NotApplicable("its register has no profile", item="children.profile")
        before, period_s = behind.shown.rows(behind.child.profile, clock)
        _away_from_boundaries(trial, behind, period_s)
        behind.shown.invoke("capture")
        trial.wait(1, behind.shown.client)
        after, _ = behind.shown.rows(behind.child.profile, clock)
        trial.judge(no_row_beside(before, after, period_s, behind.child.time_tolerance_s))


def _away_from_boundaries(trial: Trial, behind: Behind, period_s: int) -> None:
    """Come to a time at which no row is due."""
    client = behind.shown.client
    for _ in range(_MOST_MOVES):
        beside_s = trial.metering_now(client).timestamp() % period_s if period_s else _BESIDE_S
        if min(beside_s, period_s - beside_s) >= min(_BESIDE_S, period_s / 4):
            return
        trial.let_pass(_BESIDE_S, client)
