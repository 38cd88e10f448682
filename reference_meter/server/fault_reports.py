"""What becomes known of wrong ciphering: the model is told, and a link may have to end for it."""

from functools import partial

from reference_meter.server.association import SessionKey
from reference_meter.server.ciphered_protection import CipheredProtection
from reference_meter.server.model_port import CosemModel
from reference_meter.server.protection import Protection
from reference_meter.server.protection_faults import Fault

__all__ = ["FaultReports"]


class FaultReports:
    """The faults of all associations."""

    def __init__(self, model: CosemModel) -> None:
        self.model = model
        self.ending_links: set[int] = set()
        """Links that the meter ends as soon as they have said what there is to say."""

    def watch(self, key: SessionKey, protection: Protection) -> None:
        """Take note of what is wrongly ciphered in a session."""
        if isinstance(protection, CipheredProtection):
            ends_link = protection.store.settings.closes_connection
            protection.on_fault = partial(self.note, key, ends_link=ends_link)

    def note(self, key: SessionKey, fault: Fault, *, ends_link: bool) -> None:
        """Take note of one fault."""
        if ends_link:
            self.ending_links.add(key.link_id)
        if fault is Fault.REPLAYED:
            self.model.replayed(key.client)
        else:
            self.model.deciphering_failed(key.client)

    def ends(self, link_id: int) -> bool:
        """Tell once whether a link has to end."""
        ending = link_id in self.ending_links
        self.ending_links.discard(link_id)
        return ending
