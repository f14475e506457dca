"""PostgreSQL's transaction ids as a column type: `xid8`, 64 bits, never used twice."""

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[str]):
    """A transaction's id; compared in SQL alone, never brought to Python."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


# so that a comparison of code and schema knows the type when it reads a database
ischema_names["xid8"] = Xid8
