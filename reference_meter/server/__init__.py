"""The server side of the reference meter: links, associations and services.

Octets go into a link and events come out of it; the time of the line is an argument. All links of a meter share one
``Server``, which asks the meter's model through ``CosemModel``.
"""

from reference_meter.server.association import Association, SessionKey
from reference_meter.server.hdlc_link import HdlcLink
from reference_meter.server.link import Close, LinkEvent, Send, ServerLink, SetLine
from reference_meter.server.model_port import CosemModel
from reference_meter.server.server import Server
from reference_meter.server.settings import HdlcSettings, LinkSettings
from reference_meter.server.wrapper_link import WrapperDatagramLink, WrapperLink

__all__ = [
    "Association",
    "Close",
    "CosemModel",
    "HdlcLink",
    "HdlcSettings",
    "LinkEvent",
    "LinkSettings",
    "Send",
    "Server",
    "ServerLink",
    "SessionKey",
    "SetLine",
    "WrapperDatagramLink",
    "WrapperLink",
]
