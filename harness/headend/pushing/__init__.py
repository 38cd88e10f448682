"""Pushes of the device to the utility: what the push setup says, and what arrives."""

from harness.headend.pushing.listener import Pushed, PushListener
from harness.headend.pushing.setup import PushedAttribute, PushSetup

__all__ = ["PushListener", "PushSetup", "Pushed", "PushedAttribute"]
