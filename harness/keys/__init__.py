"""What outlives a run: invocation counters that have been used, and keys that have been given to devices."""

from harness.keys.counter_store import CounterExhausted, CounterStore, InvocationCounter
from harness.keys.key_store import KeyStore
from harness.keys.state_folder import StoreDamaged, state_folder

__all__ = ["CounterExhausted", "CounterStore", "InvocationCounter", "KeyStore", "StoreDamaged", "state_folder"]
