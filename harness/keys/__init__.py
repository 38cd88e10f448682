"""What outlives a run: used invocation counters, keys given to devices, and changes that are to be undone."""

from harness.keys.counter_store import CounterExhausted, CounterStore, InvocationCounter
from harness.keys.journal import (
    ConnectSupply,
    Entry,
    GiveChildKeyBack,
    GiveKeysBack,
    Invoke,
    Journal,
    RestoreCalendar,
    SetClock,
    Undo,
    WriteBack,
)
from harness.keys.key_store import KeyStore
from harness.keys.state_folder import StoreDamaged, state_folder

__all__ = [
    "ConnectSupply",
    "CounterExhausted",
    "CounterStore",
    "Entry",
    "GiveChildKeyBack",
    "GiveKeysBack",
    "InvocationCounter",
    "Invoke",
    "Journal",
    "KeyStore",
    "RestoreCalendar",
    "SetClock",
    "StoreDamaged",
    "Undo",
    "WriteBack",
    "state_folder",
]
