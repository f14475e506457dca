"""Tells trouble that passes by itself, for which one waits, from trouble that does not."""

from asyncpg import InternalClientError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from cleanclaim.values.errors import Unavailable

# deadlock, serialization failure, a wait for a lock or a pause that was too long: another try may
# pass
_TRY_AGAIN = frozenset({"40P01", "40001", "55P03", "25P03"})
# connection trouble, out of room, the server ends; and a password that is just being changed or a
# database that is just being restored, which no request and no event is to blame for
_CLASSES = frozenset({"08", "53", "57", "28", "3D"})


def is_infrastructure(error: BaseException) -> bool:
    """Whether waiting may help: the database, the broker or an owner is down or was in the way."""
    if isinstance(error, InterfaceError):
        # the driver calls it so too when it cannot encode a value: that never passes by itself
        return not isinstance(getattr(error.orig, "__cause__", None), ValueError)
    # InternalClientError: the server has said that it ends the session, but not hung up yet
    if isinstance(
        error, Unavailable | OSError | TimeoutError | OperationalError | InternalClientError
    ):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or state in _TRY_AGAIN or state[:2] in _CLASSES
    return False
