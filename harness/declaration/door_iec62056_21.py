"""The local port of IEC 62056-21: who answers there, and what it does in its own way."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.audit import AuditedParameter
from harness.declaration.problem import Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Identifier, Section, Whole, spelled

__all__ = ["OpticalCondition", "OpticalParameter", "OpticalParameters"]

OpticalCondition = Literal[
    "unknown_address", "denied_write", "unauthorised_write", "wrong_data", "unknown_command", "wrong_secret", "damaged"
]
_DEVICE_ADDRESS = "up to 32 letters, digits and spaces"
_ADDRESS = "the address of a data set, up to 16 characters without brackets, e.g. 1.8.0"
_ANSWER = '"error" for any error message, a text such as "ER03" for one, "nak", "break", "silence"'
_NAMED_ANSWERS = ("error", "nak", "break", "silence")

Address = Annotated[str, AfterValidator(spelled(r"[^()/!\r\n]{1,16}", _ADDRESS))]
Answer = Annotated[str, AfterValidator(spelled(r"[^()/!\r\n]{1,32}", _ANSWER))]
Unit = Annotated[str, AfterValidator(spelled(r"[kM]?(Wh|varh|VAh|W|var|VA)|m3", "a unit such as kWh, kvarh or m3"))]
Value = Annotated[str, AfterValidator(spelled(r"[^()*/!\r\n]{1,128}", "a value without brackets"))]


class OpticalParameter(Section):
    """A parameter that may be written at the port with the password."""

    address: Address
    values: Annotated[tuple[Value, Value], Field(strict=False)]
    """Two values that are allowed, as they are written; a unit is not part of them."""
    wrong: Value | None = None
    """A value that is not allowed."""
    object: AuditedParameter | None = None
    """The attribute that DLMS shows it as."""


class OpticalParameters(Section):
    """Table ``[doors.iec62056_21]``."""

    address: Annotated[str, AfterValidator(spelled(r"[0-9A-Za-z ]{0,32}", _DEVICE_ADDRESS))] = ""
    """Device address; an empty one asks whoever is there."""
    start_baud: Annotated[Literal[300, 600, 1200, 2400, 4800, 9600, 19200], Whole] = 300
    """Rate of the sign-on."""
    highest_baud: Annotated[Literal[300, 600, 1200, 2400, 4800, 9600, 19200], Whole] | None = None
    """No higher rate is chosen; None takes what the device offers."""
    parity: Literal["line", "software"] = "line"
    """Who makes seven bits and even parity: the port, or we on eight bits, behind converters that carry only these."""
    programming: bool = True
    """Whether there is a programming mode."""
    hdlc: bool = False
    """Whether the device goes over to HDLC when it is asked."""
    secret: Secret | None = None
    """The password of programming mode."""
    registers: dict[Identifier, Address] = Field(default_factory=lambda: {"energy_import_total": "1.8.0"})
    """Role of a register -> address of its data set in the readout."""
    units: dict[Address, Unit] = Field(default_factory=dict)
    """Address of a data set that the readout shows without its unit -> that unit."""
    error_register: Address | None = "F.F"
    """Address of the error register in the readout; None where it is not shown."""
    read_command: Annotated[str, AfterValidator(spelled(r"R[0-9]", "R1 to R6"))] = "R1"
    write_command: Annotated[str, AfterValidator(spelled(r"W[0-9]", "W1 to W6"))] = "W1"
    parameter: OpticalParameter | None = None
    error_messages: Annotated[tuple[Answer, ...], Field(strict=False, min_length=1)] = ("ER",)
    """How error messages begin; what answers anything but a reading by one value without an address is one anyway."""
    refusals: dict[OpticalCondition, Annotated[tuple[Answer, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    """Condition -> answers that this device has for it, over the usual ones."""
    rest_s: Annotated[float, Field(ge=0, le=600)] = 2.0
    """Pause after a dialogue before the device takes the next sign-on."""

    @model_validator(mode="after")
    def _two_values(self) -> Self:
        if self.parameter is not None and len(set(self.parameter.values)) == 1:
            raise Problems.one("has the same value twice", "two unlike values", path=("parameter", "values"))
        return self

    @model_validator(mode="after")
    def _known_answers(self) -> Self:
        for condition, answers in self.refusals.items():
            for answer in answers:
                if answer not in _NAMED_ANSWERS and not answer.startswith(self.error_messages):
                    begins = " or ".join(f'"{one}"' for one in self.error_messages)
                    allowed = f"{', '.join(_NAMED_ANSWERS)}, or a text that begins with {begins} (error_messages)"
                    raise Problems.one(f"{answer!r} is no answer", allowed, path=("refusals", condition))
        return self

    def answers(self, condition: OpticalCondition) -> tuple[str, ...]:
        """Return the answers to a condition: what is declared, else what is usual."""
        usual: dict[OpticalCondition, tuple[str, ...]] = {
            "unknown_command": ("nak", "error"),
            "unauthorised_write": ("error", "nak", "break"),
            "wrong_secret": ("nak", "error", "break"),
            "damaged": ("nak", "silence"),
        }
        return self.refusals.get(condition, usual.get(condition, ("error", "nak")))
