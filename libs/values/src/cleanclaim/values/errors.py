"""The five kinds of trouble every named domain error descends from; doors map kinds, not names."""

import re
from dataclasses import dataclass
from typing import ClassVar

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Detail:
    """One finding among several: `pointer` is a JSON pointer (RFC 6901) into what was given."""

    code: str
    message: str
    pointer: str | None = None
    fix: str | None = None


class DomainError(Exception):
    """A refusal the business foresaw, in a plain sentence that never carries PHI.

    `code` is stable and meant for programs: the class name in snake_case unless the class or the
    raise says otherwise. `fix` tells the reader what to do next.
    """

    kind: ClassVar[str] = "domain_error"
    code: str = "domain_error"

    def __init_subclass__(cls, **arguments: object) -> None:
        super().__init_subclass__(**arguments)
        if "code" not in cls.__dict__:
            cls.code = _WORD_START.sub("_", cls.__name__).lower()

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        pointer: str | None = None,
        fix: str | None = None,
        details: tuple[Detail, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer
        self.fix = fix
        self.details = tuple(details)
        if code is not None:
            self.code = code

    def findings(self) -> tuple[Detail, ...]:
        """The details, or this error alone as the one detail there is."""
        if self.details:
            return self.details
        return (Detail(self.code, self.message, self.pointer, self.fix),)


class Invalid(DomainError):  # noqa: N818 - a kind, read as `except Invalid`
    """What was given breaks a rule; sending it again unchanged cannot help."""

    kind = "invalid"


class Missing(DomainError):  # noqa: N818
    """Names something that is not there and that no later fact will bring."""

    kind = "missing"


class Conflict(DomainError):  # noqa: N818
    """True once, but already done or overtaken."""

    kind = "conflict"


class Forbidden(DomainError):  # noqa: N818
    """The asker may not: wrong tenant, role or purpose."""

    kind = "forbidden"


class Unavailable(DomainError):  # noqa: N818
    """Something we depend on is down for now; the same request may succeed later."""

    kind = "unavailable"

    def __init__(
        self,
        message: str,
        *,
        retry_after_seconds: int = 5,
        code: str | None = None,
        pointer: str | None = None,
        fix: str | None = None,
        details: tuple[Detail, ...] = (),
    ) -> None:
        super().__init__(message, code=code, pointer=pointer, fix=fix, details=details)
        self.retry_after_seconds = retry_after_seconds
