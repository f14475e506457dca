"""A20, A21: what the patient and the provider have signed, and accidents."""

from collections.abc import Iterator

from cleanclaim.codes.states import is_state
from cleanclaim.intake.domain.rules.rule import Examination, Trouble

_CAUSES = {"AA", "EM", "OA"}
_FLAGS = ("signature_on_file", "assignment_of_benefits", "release_of_information")


def check_consents(examination: Examination) -> Iterator[Trouble]:
    """CLM06 to CLM09 are answered, and nothing is sent without the release of information."""
    content = examination.version.content
    for flag in _FLAGS:
        given = getattr(content, flag)
        if given is None:
            yield Trouble(
                code=f"{flag}_missing",
                pointer=f"/{flag}",
                message="It is not said whether this was signed.",
                expected="true or false, as the signed form says.",
            )
        elif given is False:
            yield Trouble(
                code=f"{flag}_refused",
                pointer=f"/{flag}",
                message="This was not signed.",
                expected="A signature, before the claim goes out.",
                warns=flag != "release_of_information",
            )


def check_accident(examination: Examination) -> Iterator[Trouble]:
    """An accident has a known cause and a day; a motor accident has its state too."""
    accident = examination.version.content.accident
    if accident is None:
        return
    if not accident.causes or not set(accident.causes) <= _CAUSES:
        yield Trouble(
            code="accident_cause_unknown",
            pointer="/accident/causes",
            message="The related cause is missing or not one that a claim has.",
            expected="AA motor accident, EM employment, OA other accident.",
            value=" ".join(accident.causes) or None,
        )
    if accident.occurred_on is None:
        yield Trouble(
            code="accident_date_missing",
            pointer="/accident/occurred_on",
            message="The day of the accident is missing.",
            expected="YYYY-MM-DD.",
        )
    elif accident.occurred_on > examination.version.received_on:
        yield Trouble(
            code="accident_in_future",
            pointer="/accident/occurred_on",
            message="The day of the accident is in the future.",
            expected="A day that has come.",
        )
    if "AA" in accident.causes and not is_state(accident.state or ""):
        yield Trouble(
            code="accident_state_missing",
            pointer="/accident/state",
            message="A motor accident needs the state it happened in.",
            expected="Two upper-case letters, for example MA.",
        )
