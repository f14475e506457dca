"""Invented code lists for the tests of this package."""

from datetime import date

from cleanclaim.codes.licensed import LicensedCodes, load_code_file


def a_code_file(*rows: str) -> bytes:
    """A CSV file as a site would save it: the full head, and the rows given."""
    return "\r\n".join(("code,valid_from,valid_to,billable,short", *rows)).encode()


def a_release_of(content: bytes) -> LicensedCodes:
    """The file loaded as a list known for the years 2024 to 2026."""
    return load_code_file(
        content,
        system="invented",
        label="invented list 2024",
        effective_from=date(2024, 1, 1),
        effective_to=date(2026, 12, 31),
    )
