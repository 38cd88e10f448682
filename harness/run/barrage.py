"""Many malformed frames with good exchanges between them, and what it means when one of those fails.

The recipes, their number and the pause between them are recorded, so that a replay sends the same frames. A device
that goes down has the input that went before tried again, each time after it has come back; where it is brought
down again the finding shows that one frame, else all of them, not minimised.
"""

import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from harness.errors import (
    BenchError,
    ConnectionLost,
    DeviceError,
    Inconclusive,
    NonConformity,
    PortGone,
    ProtocolViolation,
    Refused,
    Silent,
)
from harness.evidence.redaction import ranges_of
from harness.headend.stimuli.hammer import Hammer, Stroke
from harness.headend.stimuli.malformed import Demand
from harness.run.trial import Trial
from harness.wire.recipe import Recipe
from harness.wire.recipes import draw_recipes

__all__ = ["Barrage"]

_FRAMES_ON_A_VIRTUAL_DEVICE: Final = 60
_FRAMES_BETWEEN_GOOD_EXCHANGES: Final = 8
_MOST_SHOWN_IN_FULL: Final = 20
_NO_ANSWER: Final = ("silence", "closed", "garbled")
_NOT_REACHED: Final = (Silent, ProtocolViolation, ConnectionLost, Refused)


class Barrage:
    """Strikes with every recipe of ``part`` that is due, and keeps what was sent since the last good exchange."""

    def __init__(self, trial: Trial, hammer: Hammer, part: str) -> None:
        self.strokes: list[Stroke] = []
        self.wrong: Stroke | None = None
        """The first frame that got an answer which it must not have; nothing is sent behind it."""
        self._trial = trial
        self._head_end = trial.head_end
        self._hammer = hammer
        self._part = part
        self._window: list[Stroke] = []
        self._good_exchanges = 0

    def run(self) -> None:
        """Send it all, up to a wrong answer; raises the finding where the device does not live on."""
        recipes, pause_s = self._plan()
        for recipe in recipes:
            if pause_s:
                self._trial.trace.recall("pause", lambda: time.sleep(pause_s))
            stroke = self._struck(recipe)
            if stroke is None:
                continue
            self._keep(stroke)
            if _is_wrong(stroke):
                self.wrong = stroke
                break
            if _looks_dead(stroke) or len(self._window) >= _FRAMES_BETWEEN_GOOD_EXCHANGES:
                self._demand_life()
        if self._window:
            self._demand_life()
        if not self.strokes:
            raise Inconclusive(f"none of the recipes for {self._part} fits the frames of this door", missing="device")
        self._trial.remarks.append(
            f"{len(self.strokes)} malformed frames sent, {self._good_exchanges} good exchanges between and behind them"
        )

    def _plan(self) -> tuple[list[Recipe], float]:
        """Return the recipes and the pause before each frame, as they are or as they were recorded."""
        virtual, limits = self._trial.door.is_virtual, self._trial.declaration.robustness
        count = _FRAMES_ON_A_VIRTUAL_DEVICE if virtual else limits.frames
        number = zlib.crc32(self._trial.meta.key.encode())

        def make() -> dict[str, object]:
            recipes = [recipe.to_json() for recipe in draw_recipes(self._part, count, number)]
            return {"seed": number, "pause_s": 0.0 if virtual else 1 / limits.frames_per_second, "recipes": recipes}

        plan = self._trial.trace.recall("malformed frames", make)
        recipes, pause_s = plan["recipes"], plan["pause_s"]
        if not isinstance(recipes, list) or not isinstance(pause_s, float):
            raise ValueError("the recorded plan of malformed frames is none")
        return [Recipe.from_json(one) for one in recipes], pause_s

    def _struck(self, recipe: Recipe) -> Stroke | None:
        """Strike; where the device cannot be reached any more it must show that it lives, then once again."""
        for last in (False, True):
            try:
                return self._hammer.strike(recipe)
            except (*_NOT_REACHED, PortGone) as error:
                if isinstance(error, PortGone) and not self._head_end.door.is_network:
                    raise
                refused = error
                self._demand_life()
            if last:
                break
        raise self._trial.fail(
            expected=f"client {self._hammer.declared.id} to be let in after malformed frames, as the others are",
            observed=f"{refused}, twice",
        ) from refused

    def wrong_answer(self) -> NonConformity | None:
        """Return the finding about a frame that was answered as if it were good; None where there is none."""
        if self.wrong is None:
            return None
        self._show(self.wrong, blamed=True)
        silence = self.wrong.demand is Demand.SILENCE
        return self._trial.fail(
            expected="no answer" if silence else "an error or no answer, and no data",
            observed=f"{self.wrong.reaction.description} to a frame spoilt in {self.wrong.recipe.describe()}",
            frame=self.wrong.reaction.frame or None,
        )

    # Whether the device lives on

    def _demand_life(self) -> None:
        """Make sure by a good exchange that the device lives; raises the finding where it does not."""
        self._hammer.rest()
        if self._head_end.answers():
            self._good_exchanges += 1
            self._window.clear()
            return
        why, known_rest_s = self._head_end.last_failure, self._head_end.timing.learnt_rest_s
        cycles = self._trial.life_log.power_cycles
        at_once = self._head_end.answers_after_rest()
        if not at_once and not self._brought_back():
            raise self._fatal(self._window, f"no good exchange any more ({why}), and nothing brings the device back")
        culprit = self._culprit()
        if culprit is not None:
            raise self._fatal([culprit], f"no good exchange ({why}), and none again after this frame alone")
        if at_once and self._head_end.timing.learnt_rest_s > known_rest_s:
            self._window.clear()  # the device wants a rest between two connections and gets it from now on
            return
        if at_once:
            reason = f"a good exchange between malformed frames ended once with: {why}; it was good when repeated"
            raise Inconclusive(reason, missing="line")
        if self._trial.life_log.power_cycles > cycles and not self._down_again():
            raise Inconclusive(
                f"no good exchange between malformed frames ({why}) until the lab had cycled the device's power; the "
                "same frames once more did it no harm, so it may have been switched off",
                missing="device",
            )
        raise self._fatal(self._window, f"no good exchange ({why}) until recovery; not minimised")

    def _culprit(self) -> Stroke | None:
        """Try the frames since the last good exchange one by one, the last one first; None where none does it alone."""
        for stroke in reversed(self._window):
            try:
                self._hammer.strike(stroke.recipe)
                self._hammer.rest()
            except (DeviceError, PortGone):
                pass  # what the good exchange says is what counts
            if self._head_end.answers():
                continue
            self._head_end.judge.left_down = not (self._head_end.answers_after_rest() or self._brought_back())
            return stroke
        return None

    def _down_again(self) -> bool:
        """Send all frames since the last good exchange once more, and say whether the device is down after them."""
        for stroke in self._window:
            with suppress(DeviceError, PortGone):
                self._hammer.strike(stroke.recipe)
        self._hammer.rest()
        if self._head_end.answers():
            return False
        self._head_end.judge.left_down = not (self._head_end.answers_after_rest() or self._brought_back())
        return True

    def _brought_back(self) -> bool:
        """Climb the recovery ladder, and at its end cut the supply where a bench can."""
        if self._head_end.recover():
            return True
        power = self._trial.bench.power
        if power is None:
            return False
        try:
            power.cut()
            power.restore()
        except (BenchError, Inconclusive):
            return False
        return self._head_end.recover()

    def _fatal(self, strokes: Sequence[Stroke], observed: str) -> NonConformity:
        if not self._head_end.judge.left_down and "nothing brings" in observed:
            self._head_end.judge.left_down = True
        for stroke in strokes:
            self._show(stroke, blamed=True)
        sent = "; ".join(f"{stroke.recipe.describe()}: {stroke.forged.octets.hex(' ')}" for stroke in strokes)
        return self._trial.fail(
            expected="the device to live on after malformed frames",
            observed=f"{observed}. Sent before, in this order: {sent or 'association requests alone'}",
        )

    # What the report shows

    def _keep(self, stroke: Stroke) -> None:
        self._window.append(stroke)
        self.strokes.append(stroke)
        self._show(stroke, blamed=False)

    def _show(self, stroke: Stroke, *, blamed: bool) -> None:
        """Write the frame down for the report; one that shows a secret is not shown."""
        octets = stroke.forged.octets
        if ranges_of(octets, [secret.reveal() for _, secret in self._trial.declaration.secrets()]):
            return
        shown = {
            "number": len(self.strokes),
            "recipe": stroke.recipe.describe(),
            "octets": octets.hex(" "),
            "reaction": stroke.reaction.description,
            "blamed": blamed,
        }
        if blamed or len(self.strokes) <= _MOST_SHOWN_IN_FULL:
            shown |= {"command": stroke.forged.command, "tree": stroke.forged.tree}
        self._trial.trace.note("malformed frame", shown)


def _looks_dead(stroke: Stroke) -> bool:
    """Whether nothing came where something might have: a device that starts again quickly would be missed later."""
    return stroke.reaction.name in _NO_ANSWER and stroke.demand is not Demand.SILENCE


def _is_wrong(stroke: Stroke) -> bool:
    """Whether an answer came that the frame must not have; where nothing is demanded any will do."""
    name = stroke.reaction.name
    if stroke.demand is Demand.SILENCE:
        return name not in _NO_ANSWER
    return stroke.demand is Demand.NO_DATA and name == "data"
