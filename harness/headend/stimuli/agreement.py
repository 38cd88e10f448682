"""What client and device agree on for an HDLC link."""

from dataclasses import dataclass

from harness.declaration import AssociationDeclaration
from harness.headend.head_end import HeadEnd
from harness.headend.stimuli.bare_link import BareLink
from harness.protocol import hdlc

__all__ = ["Agreement", "agreed_parameters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a client has proposed for a link and what the device has agreed on, as the client sees it."""

    proposal: hdlc.Parameters
    agreed: hdlc.Parameters | None
    """None where UA names nothing."""

    @property
    def exceeds(self) -> bool:
        """Whether more was agreed on than was proposed."""
        return self.agreed is not None and self.agreed.limited_by(self.proposal) != self.agreed

    def proposed_text(self) -> str:
        """The proposal in words."""
        return _sizes(self.proposal)

    def agreed_text(self) -> str:
        """The agreement in words."""
        return "nothing" if self.agreed is None else _sizes(self.agreed)


def _sizes(sizes: hdlc.Parameters) -> str:
    return (
        f"{sizes.max_information_transmit} octets and a window of {sizes.window_transmit} to the device, "
        f"{sizes.max_information_receive} octets and a window of {sizes.window_receive} from it"
    )


def agreed_parameters(head_end: HeadEnd, declared: AssociationDeclaration, *, octets: int, window: int) -> Agreement:
    """Propose the same sizes for both directions."""
    proposal = hdlc.Parameters(
        max_information_transmit=octets, max_information_receive=octets, window_transmit=window, window_receive=window
    )
    link = BareLink(head_end, declared)
    try:
        said = link.connect(proposal)
        return Agreement(proposal=proposal, agreed=link.agreed.as_seen_from_other_side() if said else None)
    finally:
        link.close()
