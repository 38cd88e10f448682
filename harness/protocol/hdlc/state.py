"""The state machine of an HDLC link as the client sees it: a table; what is not in it is a violation."""

from enum import Enum

__all__ = ["TRANSITIONS", "LinkInput", "LinkState"]


class LinkState(Enum):
    """What the client knows of the link."""

    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    """SNRM is out."""
    CONNECTED = "connected"
    DISCONNECTING = "disconnecting"
    """DISC is out."""


class LinkInput(Enum):
    """What moves the link: a command of ours or a response of the server."""

    SEND_SNRM = "send SNRM"
    SEND_DISC = "send DISC"
    SEND_DATA = "send data"
    RECEIVE_UA = "UA"
    RECEIVE_DM = "DM"
    RECEIVE_FRMR = "FRMR"
    RECEIVE_DATA = "I or supervisory frame"


_DISCONNECTED = LinkState.DISCONNECTED
_CONNECTING = LinkState.CONNECTING
_CONNECTED = LinkState.CONNECTED
_DISCONNECTING = LinkState.DISCONNECTING

TRANSITIONS: dict[tuple[LinkState, LinkInput], LinkState] = {
    # SNRM and DISC may be sent at any time: that is how a client gets out of any trouble.
    (_DISCONNECTED, LinkInput.SEND_SNRM): _CONNECTING,
    (_CONNECTING, LinkInput.SEND_SNRM): _CONNECTING,
    (_CONNECTED, LinkInput.SEND_SNRM): _CONNECTING,
    (_DISCONNECTING, LinkInput.SEND_SNRM): _CONNECTING,
    (_DISCONNECTED, LinkInput.SEND_DISC): _DISCONNECTING,
    (_CONNECTING, LinkInput.SEND_DISC): _DISCONNECTING,
    (_CONNECTED, LinkInput.SEND_DISC): _DISCONNECTING,
    (_DISCONNECTING, LinkInput.SEND_DISC): _DISCONNECTING,
    (_CONNECTED, LinkInput.SEND_DATA): _CONNECTED,
    (_CONNECTING, LinkInput.RECEIVE_UA): _CONNECTED,
    (_DISCONNECTING, LinkInput.RECEIVE_UA): _DISCONNECTED,
    (_CONNECTING, LinkInput.RECEIVE_DM): _DISCONNECTED,
    (_CONNECTED, LinkInput.RECEIVE_DM): _DISCONNECTED,
    (_DISCONNECTING, LinkInput.RECEIVE_DM): _DISCONNECTED,
    # After FRMR the server takes nothing but SNRM and DISC, so the link is as good as gone.
    (_CONNECTING, LinkInput.RECEIVE_FRMR): _DISCONNECTED,
    (_CONNECTED, LinkInput.RECEIVE_FRMR): _DISCONNECTED,
    (_CONNECTED, LinkInput.RECEIVE_DATA): _CONNECTED,
    # The server may have sent it before it saw our DISC.
    (_DISCONNECTING, LinkInput.RECEIVE_DATA): _DISCONNECTING,
}
