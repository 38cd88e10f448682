"""What holds of one fact that two doors show: read at the main door, at another one and at the main door again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Generic, TypeVar

from harness.checks.judged import Breach, Undecided, Verdictless

__all__ = [
    "Amount",
    "Bracket",
    "Flag",
    "Moment",
    "Offset",
    "Shown",
    "Word",
    "follows_change",
    "same_energy",
    "same_flag",
    "same_power",
    "same_tariff",
    "same_time",
    "same_word",
]

_HOUR_S: Final = Decimal(3600)
_SPREAD: Final = Decimal("0.02")
"""By which share of itself a power that stands still may differ from reading to reading."""
_CLOCK_STEP: Final = timedelta(seconds=1)
"""A clock that shows whole seconds may be so much further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A fact as one door shows it."""

    door: str
    frame: int
    text: str
    """As it stands there."""

    def __str__(self) -> str:
        return f"{self.text} at door {self.door} (frame {self.frame})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Shown):
    """A number in base units, and the weight of its last digit there."""

    value: Decimal
    resolution: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Shown):
    """A time of day; ``instant`` where it says its deviation from UTC, ``summer`` where it says that."""

    local: datetime
    resolution_s: int = 1
    summer: bool | None = None
    otherwise: tuple[datetime, ...] = ()
    """The local time where its digits are read in another order."""
    instant: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Shown):
    """A code: of a tariff, or the bits of a register."""

    value: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Shown):
    """Something that is so or is not."""

    value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """Local time minus UTC, and whether that is summer time; None where nobody can tell."""

    ahead: timedelta
    summer: bool | None


Kind = TypeVar("Kind", bound=Shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket(Generic[Kind]):
    """One fact at the main door, at another one, and at the main door again."""

    fact: str
    before: Kind
    other: Kind
    after: Kind

    @property
    def frames(self) -> tuple[int, ...]:
        """Those of the main door."""
        return tuple(dict.fromkeys((self.before.frame, self.after.frame)))

    @property
    def main(self) -> str:
        """What the main door shows, in words."""
        if self.before.text == self.after.text:
            frames = ("frame " if len(self.frames) == 1 else "frames ") + " and ".join(map(str, self.frames))
            return f"{self.before.text} at door {self.before.door} ({frames})"
        return f"{self.before}, then {self.after}"

    def differs(self, due: str) -> Breach:
        """The finding that both doors do not agree, with both of them and their frames."""
        return Breach(expected=f"{self.fact} {due}: {self.main}", observed=str(self.other))

    def moved(self) -> Undecided:
        """Nothing can be said of what changes while it is read."""
        return Undecided(reason=f"{self.fact} changed while it was read: {self.main}", missing="device")


# Amounts


def same_energy(one: Bracket[Amount], *, most_w: Decimal, other_old_s: Decimal, main_old_s: Decimal) -> Verdictless:
    """A register that counts lies between both readings of the main door.

    Each door may cut digits off or round them. ``..._old_s`` is how old values may be there, while at most ``most_w``
    flow.
    """
    if one.before.unit != one.other.unit:
        return one.differs(f"in {one.before.unit}")
    main_step, other_step = max(one.before.resolution, one.after.resolution), one.other.resolution
    low = min(one.before.value, one.after.value) - other_step - main_step / 2 - most_w * other_old_s / _HOUR_S
    high = max(one.before.value, one.after.value) + other_step / 2 + main_step + most_w * main_old_s / _HOUR_S
    if low <= one.other.value <= high:
        return None
    return one.differs(f"from {low:.3f} to {high:.3f} {one.before.unit}")


def same_power(one: Bracket[Amount]) -> Verdictless:
    """A power that stands still is the same at both doors, but for digits that are cut off or rounded."""
    if one.before.unit != one.other.unit:
        return one.differs(f"in {one.before.unit}")
    before, after, step = one.before.value, one.after.value, max(one.before.resolution, one.after.resolution)
    if abs(after - before) > max(abs(before), abs(after)) * _SPREAD + step:
        return one.moved()
    spread = max(abs(before), abs(after)) * _SPREAD
    low = min(before, after) - spread - one.other.resolution - step / 2
    high = max(before, after) + spread + one.other.resolution / 2 + step
    if low <= one.other.value <= high:
        return None
    return one.differs(f"from {low:.3f} to {high:.3f} {one.before.unit}")


# Time


def same_time(
    one: Bracket[Moment], offsets: Collection[Offset], *, tolerance_s: float, other_old_s: float
) -> Verdictless:
    """A time lies between both looks at the main door's clock, up to ``other_old_s`` before the first one.

    ``offsets`` are those that may be in force at the other door; what it says of summer time has to fit the one that
    its time fits. A time that says its own deviation is compared as an instant.
    """
    before, after = one.before.instant, one.after.instant
    if not offsets:
        return Undecided(reason=f"nobody can tell what time is due at door {one.other.door}", missing="device")
    told = one.other.instant
    if before is None or after is None:
        # Without deviations local times are compared as they are.
        before, after = (each.local.replace(tzinfo=UTC) for each in (one.before, one.after))
        told, offsets = None, (Offset(ahead=timedelta(), summer=None),)
    tolerance = timedelta(seconds=tolerance_s)
    low = before - timedelta(seconds=one.other.resolution_s + other_old_s) - tolerance
    high = after + timedelta(seconds=max(one.before.resolution_s, 1)) + tolerance
    if told is not None:
        return None if low <= told <= high else one.differs("as the same time")
    readings = [local.replace(tzinfo=UTC) for local in (one.other.local, *one.other.otherwise)]
    fitting = [offset for offset in offsets if any(low <= naive - offset.ahead <= high for naive in readings)]
    if not fitting:
        return one.differs("as the same time")
    if one.other.summer is None or any(offset.summer in (None, one.other.summer) for offset in fitting):
        return None
    return one.differs(f"with {'winter' if one.other.summer else 'summer'} time")


# Tariff, registers of bits, states


def same_tariff(
    one: Bracket[Word], main_values: Sequence[int | str], other_values: Sequence[int | str] | None
) -> Verdictless:
    """Both doors show the same tariff, each by its own values in the order of the tariffs.

    Without ``other_values`` nothing can be said where the values are not equal.
    """
    if one.before.value != one.after.value:
        return one.moved()
    place = _place(one.before.value, main_values)
    if other_values is None:
        if _same(one.before.value, one.other.value):
            return None
        return Undecided(
            reason=f"door {one.other.door} shows tariffs in another way ({one.other}; {one.main}), "
            "and the declaration does not say doors.tariffs",
            missing="declaration",
        )
    if place is None:
        return Undecided(reason=f"no declared tariff is shown: {one.main}", missing="device")
    if _place(one.other.value, other_values) == place:
        return None
    return one.differs(f"shown as {other_values[place]}" if place < len(other_values) else "shown")


def follows_change(before: Bracket[Word], after: Bracket[Word]) -> Verdictless:
    """A code at another door changes where that of the main door does, whatever it means."""
    if before.before.value == after.before.value:
        return Undecided(reason=f"{after.fact} did not change: {after.main}", missing="device")
    if before.other.value != after.other.value:
        return None
    return after.differs(f"changed, as it was {before.main} and is")


def same_word(one: Bracket[Word]) -> Verdictless:
    """Bits that stand still are the same at both doors."""
    if one.before.value != one.after.value:
        return one.moved()
    return None if _same(one.before.value, one.other.value) else one.differs("alike")


def same_flag(one: Bracket[Flag]) -> Verdictless:
    """A state that stands still is the same at both doors."""
    if one.before.value is not one.after.value:
        return one.moved()
    return None if one.before.value is one.other.value else one.differs("alike")


def _place(value: int | str, values: Sequence[int | str]) -> int | None:
    return next((place for place, each in enumerate(values) if _same(value, each)), None)


def _same(one: int | str, other: int | str) -> bool:
    """Codes are equal as they stand, or as numbers: 0002 is 2."""
    texts = [str(each).strip() for each in (one, other)]
    if all(text.isdecimal() for text in texts):
        return int(texts[0]) == int(texts[1])
    return texts[0] == texts[1]
