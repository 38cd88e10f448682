"""Late events, seal and security setup other than usual."""

from dataclasses import replace

from reference_meter.model.event_settings import EventSettings, LockOut
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.variants.variant import DEFAULT, Variant

__all__ = ["VARIANTS"]

_LOCK_OUT = LockOut(failures=5, seconds=60.0)

_LOCKING_OUT = Variant(
    name="lock-out",
    about="After five wrong secrets in a row a client is refused for a minute.",
    configuration=replace(DEFAULT, name="lock-out", events=EventSettings(lock_out=_LOCK_OUT)),
    declaration={
        "identity": {"name": "reference-lock-out"},
        "security": {
            "lock_out": {
                "failures": _LOCK_OUT.failures,
                "seconds": _LOCK_OUT.seconds,
                "counts": ["authentication"],
                "forgets_on_success": True,
            }
        },
    },
    exceptions={"TR-Conf.05a-N01": "a device that locks out allows few wrong secrets in a row"},
)

_SETUP_V0 = Variant(
    name="security-setup-v0",
    about="The security setup has version 0, whose policy is a number from 0 to 3.",
    configuration=replace(DEFAULT, name="security-setup-v0", security_setup_version=0),
    declaration={
        "identity": {"name": "reference-security-setup-v0"},
        "objects": {"security_setup": {"class": 64, "obis": "0.0.43.0.0.255", "version": 0}},
    },
)

_LATE_EVENTS = Variant(
    name="late-events",
    about="An attack becomes an event when it comes for the third time, a replay the second time.",
    configuration=replace(
        DEFAULT,
        name="late-events",
        events=EventSettings(authentication_failures=3, decryption_failures=3, replays=2),
    ),
    declaration={
        "identity": {"name": "reference-late-events"},
        "security": {
            "authentication_failures_before_event": 3,
            "decryption_failures_before_event": 3,
            "replays_before_event": 2,
        },
    },
)

_OF_THE_SEAL = ("TR-Conf.02c-P01", "TR-Conf.02c-P02", "TR-Conf.02c-N01", "TR-Conf.02c-N02", "TR-Conf.02c-N03")

_NO_SEAL = Variant(
    name="no-seal",
    about="There is no seal; what others protect by it cannot be written at all.",
    configuration=replace(DEFAULT, name="no-seal", has_seal=False),
    declaration={
        "identity": {"name": "reference-no-seal"},
        "objects": {"seal_status": "absent", "protected_configuration_counter": "absent"},
        "events": {"seal_opened": "absent", "seal_closed": "absent"},
        "access": {"seal": None, "sealed": None},
    },
    exceptions={
        **dict.fromkeys(_OF_THE_SEAL, "nothing is declared about a seal"),
        **dict.fromkeys(("MF.1-P53", "MF.1-N52"), "there is no seal of which anything could be told"),
    },
)

_NEW_KEYS_AT_ONCE = Variant(
    name="new-keys-at-once",
    about="The answer to a key transfer comes under the new keys already.",
    configuration=replace(DEFAULT, name="new-keys-at-once", security=replace(TEST_SECURITY, new_keys_at_once=True)),
    declaration={"identity": {"name": "reference-new-keys-at-once"}},
)

VARIANTS = (_LOCKING_OUT, _SETUP_V0, _LATE_EVENTS, _NO_SEAL, _NEW_KEYS_AT_ONCE)
