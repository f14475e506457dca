"""Wrappers for protected health information: it shows as `***` until someone says `reveal()`."""

from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T", bound=str | date)


class Phi(Generic[T]):
    """Immutable and equal by type and content; printing, formatting and logging give `***`.

    `reveal()` is the one way to the content, so that every use of it can be found by name. It is
    deliberately no `str`: joining it into text or JSON by accident fails or shows stars.
    """

    __slots__ = ("_content",)

    _content: T

    def __init__(self, content: T) -> None:
        object.__setattr__(self, "_content", content)

    def reveal(self) -> T:
        return self._content

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __reduce__(self) -> tuple[type["Phi[T]"], tuple[T]]:
        return type(self), (self._content,)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __str__(self) -> str:
        return "***"

    def __format__(self, format_spec: str) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._content == other._content

    def __hash__(self) -> int:
        return hash((type(self), self._content))


class PersonName(Phi[str]):
    __slots__ = ()


class BirthDate(Phi[date]):
    __slots__ = ()


class MemberId(Phi[str]):
    """The payer's identifier of the insured person."""

    __slots__ = ()


class MedicalRecordNumber(Phi[str]):
    """The provider's identifier of the patient."""

    __slots__ = ()


class PatientAccountNumber(Phi[str]):
    __slots__ = ()


class StreetAddress(Phi[str]):
    __slots__ = ()


class PhoneNumber(Phi[str]):
    __slots__ = ()


class EmailAddress(Phi[str]):
    __slots__ = ()
