"""Dialogues at the local port that a break of the line ends."""

from pytest_bdd import parsers, then

from harness.headend.optical.stimuli import sign_on_after_break
from harness.run.trial import Trial
from steps.optical.reading import port_of


@then(parsers.parse("a sign-on is answered once {dialogue} that a break has cut is given up"))
def signs_on_after_break(trial: Trial, dialogue: str) -> None:
    port = port_of(trial)

    def attempt() -> None:
        sign_on_after_break(port, dialogue)

    port.judge.judged(f"a sign-on after a break in {dialogue}", attempt, attempt, lambda: port.last_record)
