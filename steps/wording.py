"""Words shared by several step modules."""

from pytest_bdd import given, parsers

from harness.run.trial import Trial

__all__ = ["device_has_object"]


@given(parsers.parse('the device has the object "{role}"'))
def device_has_object(trial: Trial, role: str) -> None:
    trial.object(role)
