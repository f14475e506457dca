"""How urgent a held encounter is: by the money, the days it waits, and the filing limit."""

from dataclasses import dataclass
from datetime import date, timedelta

HELD = "encounter_held"
HELD_BY_PERSON = "encounter_held_by_person"
SENT_ALTHOUGH_STOPPED = "claim_sent_for_stopped_encounter"


@dataclass(frozen=True, slots=True)
class Priority:
    """The sum of its terms; higher is more urgent."""

    terms: dict[str, int]

    @property
    def points(self) -> int:
        return sum(self.terms.values())


def file_by(service_to_on: date | None, timely_filing_days: int | None) -> date | None:
    """The payer's last day for filing, where service day and limit are known."""
    if service_to_on is None or timely_filing_days is None:
        return None
    return service_to_on + timedelta(days=timely_filing_days)


def priority(
    *, value_cents: int, service_on: date | None, file_by_on: date | None, as_of: date
) -> Priority:
    """The points of a held encounter, each term by its name.

    Ten for each hundred dollars (at most 300), one a day since the service (at most 100), and as
    the filing limit nears: 50 in the last 30 days, 200 in 14, 500 in 3 or past it.
    The steps at 14 and 3 days are when people are warned and when the case is escalated.
    """
    terms = {"value": max(0, min(value_cents // 10_00, 300))}
    if service_on is not None:
        terms["age"] = max(0, min((as_of - service_on).days, 100))
    if file_by_on is not None:
        terms["deadline"] = _nearness((file_by_on - as_of).days)
    return Priority(terms)


def _nearness(days_left: int) -> int:
    for days, points in ((3, 500), (14, 200), (30, 50)):
        if days_left <= days:
            return points
    return 0
