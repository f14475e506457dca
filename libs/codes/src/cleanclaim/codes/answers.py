"""What a code set says when asked about one code on one day: five answers, and 'not checked'."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Standing(StrEnum):
    """Only `VALID` lets a rule pass; people must see `NOT_CHECKED` and `UNKNOWN_RELEASE`."""

    VALID = "valid"
    # A header: real, but some code under it must be reported instead.
    NOT_BILLABLE = "not_billable"
    UNKNOWN_CODE = "unknown_code"
    NOT_VALID_ON_DATE = "not_valid_on_date"
    # The day lies outside what the table covers.
    UNKNOWN_RELEASE = "unknown_release"
    # There is no usable table, or only a part of one.
    NOT_CHECKED = "not_checked"


class Release(Struct, frozen=True, kw_only=True):
    """One published state of a code set; `digest` is the SHA-256 of the file that was read."""

    system: str
    label: str
    effective_from: date
    effective_to: date | None = None
    digest: str = ""
    source: str = ""


class CodeAnswer(Struct, frozen=True, kw_only=True):
    """The standing of `code` on `on`, and the release that says so.

    `reason` is a plain sentence for everything but `VALID`; `release` is missing only where no
    release could be read or none covers the day.
    """

    code: str
    on: date
    status: Standing
    release: Release | None = None
    short: str | None = None
    reason: str = ""

    @property
    def valid(self) -> bool:
        return self.status is Standing.VALID
