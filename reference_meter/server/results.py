"""Result codes of the services, by their names in the standard."""

__all__ = ["ActionResult", "DataAccessResult"]


class DataAccessResult:
    """Results of GET and SET."""

    SUCCESS = 0
    TYPE_UNMATCHED = 12
    LONG_GET_ABORTED = 15
    NO_LONG_GET_IN_PROGRESS = 16
    LONG_SET_ABORTED = 17
    NO_LONG_SET_IN_PROGRESS = 18
    DATA_BLOCK_NUMBER_INVALID = 19
    OTHER_REASON = 250


class ActionResult:
    """Results of ACTION."""

    SUCCESS = 0
    READ_WRITE_DENIED = 3
    TYPE_UNMATCHED = 12
    LONG_ACTION_ABORTED = 15
    NO_LONG_ACTION_IN_PROGRESS = 16
    OTHER_REASON = 250
