"""B01 to B03, B06, B10: who billed, who treated, who referred, and where."""

from collections.abc import Iterator

from cleanclaim.codes.taxonomy import is_taxonomy_shape
from cleanclaim.intake.domain.person import Practitioner
from cleanclaim.intake.domain.rules.rule import Examination, Trouble
from cleanclaim.values.npi import is_npi


def check_npis(examination: Examination) -> Iterator[Trouble]:
    """Every NPI that is given has ten digits, begins with 1 or 2 and proves its check digit."""
    content = examination.version.content
    given = [("/billing_provider_npi", content.billing_provider_npi)]
    given += [(f"{pointer}/npi", one.npi) for pointer, one in _practitioners(examination)]
    if content.facility is not None:
        given.append(("/facility/npi", content.facility.npi))
    for pointer, npi in given:
        if npi and not is_npi(npi):
            yield Trouble(
                code="npi_invalid",
                pointer=pointer,
                message="This is no NPI: length, first digit or check digit is wrong.",
                expected="Ten digits as in the NPPES registry.",
                value=npi,
            )


def check_billing_provider(examination: Examination) -> Iterator[Trouble]:
    """Somebody bills."""
    if not examination.version.content.billing_provider_npi:
        yield Trouble(
            code="billing_npi_missing",
            pointer="/billing_provider_npi",
            message="The billing provider's NPI is missing.",
            expected="The NPI of a provider of the directory.",
        )


def check_practitioners(examination: Examination) -> Iterator[Trouble]:
    """A rendering or referring provider who is named has an NPI and a last name."""
    for pointer, one in _practitioners(examination):
        if not one.npi:
            yield Trouble(
                code="npi_missing",
                pointer=f"{pointer}/npi",
                message="The provider is named without an NPI.",
                expected="The person's own NPI.",
            )
        if not (one.last_name or "").strip():
            yield Trouble(
                code="provider_name_missing",
                pointer=f"{pointer}/last_name",
                message="The provider has no last name.",
                expected="The name as in the NPPES registry.",
            )


def check_taxonomies(examination: Examination) -> Iterator[Trouble]:
    """A taxonomy code that is given has ten characters and ends in X (NUCC)."""
    for pointer, one in _practitioners(examination):
        if one.taxonomy_code and not is_taxonomy_shape(one.taxonomy_code):
            yield Trouble(
                code="taxonomy_malformed",
                pointer=f"{pointer}/taxonomy_code",
                message="This is not the shape of a taxonomy code.",
                expected="Ten characters, the last X, for example 207Q00000X.",
                value=one.taxonomy_code,
            )


def check_facility(examination: Examination) -> Iterator[Trouble]:
    """A facility that is named has a name and an address (837P 2310C)."""
    facility = examination.version.content.facility
    if facility is None:
        return
    for field, given in (("name", facility.name), ("address", facility.address)):
        if not given:
            yield Trouble(
                code=f"facility_{field}_missing",
                pointer=f"/facility/{field}",
                message=f"The service facility has no {field}.",
                expected="Name and address of the place, or no facility at all.",
            )


def _practitioners(examination: Examination) -> Iterator[tuple[str, Practitioner]]:
    content = examination.version.content
    for pointer, one in (
        ("/rendering_provider", content.rendering_provider),
        ("/referring_provider", content.referring_provider),
    ):
        if one is not None:
            yield pointer, one
