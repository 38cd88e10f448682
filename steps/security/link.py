"""Frames that a link must reject or pass over, and what comes back at link level."""

from pytest_bdd import parsers, then, when

from harness.headend.stimuli.agreement import Agreement, agreed_parameters
from harness.headend.stimuli.hdlc_stimuli import link_attempt, whole_life
from harness.headend.stimuli.provoke import Provoked
from harness.headend.stimuli.stimulus import answered, clients_at
from harness.headend.stimuli.wrong_wrapper import ask_in_wrapper_of_version
from harness.run.trial import Trial
from steps.security.diagnostics import judged_by


@when(parsers.parse('the head end provokes "{condition}" by a frame with "{stimulus}"'), target_fixture="provoked")
def provokes_by_frame(trial: Trial, condition: str, stimulus: str) -> Provoked:
    return judged_by(trial, condition, f"hdlc/{stimulus}", _sent(trial, condition, stimulus))


@when(parsers.parse('the head end sends a good frame with "{stimulus}"'), target_fixture="provoked")
def sends_with(trial: Trial, stimulus: str) -> Provoked:
    # Whether such a frame is answered or lost is not the device's choice, so doors are not compared in it.
    return _sent(trial, "hdlc_frame_disturbed", stimulus)


def _sent(trial: Trial, condition: str, stimulus: str) -> Provoked:
    attempt = link_attempt(stimulus, trial.head_end, clients_at(trial.head_end)[0])
    provoked = answered(trial.head_end, f"a frame with {stimulus}", attempt, trial.accepted_answers(condition))
    if provoked.name == "silence":
        trial.remarks.append(f"{provoked.description}; the link goes on or was set up anew behind it")
    return provoked


@when("the head end sets up a link, asks whether the device is ready, and ends it", target_fixture="answers")
def lives_a_whole_life(trial: Trial) -> tuple[str, ...]:
    return whole_life(trial.head_end, clients_at(trial.head_end)[0])


@then("the device answered UA, RR and UA")
def answered_ua_rr_ua(trial: Trial, answers: tuple[str, ...]) -> None:
    if answers != ("ua", "rr", "ua"):
        raise trial.fail(expected="UA, RR and UA", observed=", ".join(answers))


@when(parsers.parse("the head end proposes {octets:d} octets and a window of {window:d}"), target_fixture="agreement")
def proposes(trial: Trial, octets: int, window: int) -> Agreement:
    def ask() -> Agreement:
        return agreed_parameters(trial.head_end, clients_at(trial.head_end)[0], octets=octets, window=window)

    return trial.head_end.judge.judged("SNRM with parameters", ask, ask, lambda: trial.head_end.last_record)


@then("the device agrees on no more than that")
def agrees_on_no_more(trial: Trial, agreement: Agreement) -> None:
    if agreement.exceeds:
        raise trial.fail(
            expected=f"no more than {agreement.proposed_text()}",
            observed=agreement.agreed_text(),
            frame=trial.head_end.last_record,
        )


@when("the head end sends a request in a wrapper of version 2", target_fixture="provoked")
def sends_in_wrapper_of_version_2(trial: Trial) -> Provoked:
    declared = clients_at(trial.head_end)[0]
    accepted = trial.accepted_answers("wrapper_header_wrong")

    def attempt() -> Provoked:
        return ask_in_wrapper_of_version(2, trial.head_end, declared)

    provoked = answered(trial.head_end, "a wrapper of version 2", attempt, accepted)
    trial.remarks.append(provoked.description)
    return judged_by(trial, "wrapper_header_wrong", "wrapper/version-2", provoked)
