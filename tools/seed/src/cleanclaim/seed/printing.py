"""Asks the services what came of the demo and prints it: states, causes, the book, the bank."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from cleanclaim.seed.clinic import Sent
from cleanclaim.seed.report import counted, dollars, table, title
from cleanclaim.seed.story import Story

Say = Callable[[str], None]


async def print_result(
    story: Story, sent: list[Sent], samples: Mapping[str, int], *, on: date, say: Say
) -> None:
    """Print the result; nothing in it is an id that differs from run to run."""
    await _states(story, say)
    _findings(sent, say)
    say(title("Samples of others (837P in the package hccinfhir)"))
    say(counted(samples))
    await _denials(story, say)
    await _trial_balance(story, on, say)
    await _reconciliation(story, on, say)
    await _one_claim(story, say)


async def _states(story: Story, say: Say) -> None:
    doors = story.clinic.doors
    encounters = Counter(one["state"] for one in await doors.every("intake", "/v1/encounters"))
    claims = Counter(one["state"] for one in await doors.every("claims", "/v1/claims"))
    remittances = Counter(
        one["status"] for one in await doors.every("remittance", "/v1/remittances")
    )
    for name, counts in (
        ("Encounters", encounters), ("Claims", claims), ("Remittances", remittances),
    ):  # fmt: skip
        say(title(f"{name} by state"))
        say(counted(counts))


def _findings(sent: list[Sent], say: Say) -> None:
    say(title("Deliberate errors, each held with its finding"))
    rows: Counter[tuple[str, str]] = Counter()
    for one in sent:
        if one.visit.flaw is not None:
            errors = {f["code"] for f in one.answer["findings"] if f["severity"] == "error"}
            rows[(one.visit.flaw, ", ".join(sorted(errors)) or "NOT FOUND")] += 1
    say(table([(flaw, found, str(count)) for (flaw, found), count in sorted(rows.items())]))


async def _denials(story: Story, say: Say) -> None:
    summary = await story.clinic.doors.get("denials", "/v1/denial-summary")
    say(title("Denials by root cause"))
    rows = [
        (
            one["category"],
            f"{one['group_code']}-{one['reason_code']}",
            str(one["cases"]),
            dollars(one["denied_cents"]),
        )
        for one in summary["by_reason"]
    ]
    say(table(sorted(rows), heads=("cause", "code", "cases", "dollars")))


async def _trial_balance(story: Story, on: date, say: Say) -> None:
    balance = await story.clinic.doors.get("accounts", "/v1/trial-balance", as_of=on.isoformat())
    say(title("Trial balance (debits positive, credits negative)"))
    rows = [
        (one["account"], dollars(one["debit_cents"] - one["credit_cents"]))
        for one in balance["accounts"]
    ]
    total = sum(one["debit_cents"] - one["credit_cents"] for one in balance["accounts"])
    say(table([*sorted(rows), ("sum", dollars(total))]))


async def _reconciliation(story: Story, on: date, say: Say) -> None:
    day = await story.clinic.doors.get("reconcile", f"/v1/reconciliation/days/{on}")
    say(title(f"Reconciliation of {on}"))
    names = ("remitted", "posted", "booked", "banked", "awaited", "deposited", "unidentified")
    say(table([(name, dollars(day[f"{name}_cents"])) for name in names]))
    say("  equations:")
    say(
        table(
            [
                (
                    one["name"],
                    "holds" if one["holds"] else "off by",
                    dollars(one["difference_cents"]),
                    "all of it named below" if not one["unaccounted_cents"] else "NOT EXPLAINED",
                )
                for one in day["equations"]
            ]
        )
    )
    say("  exceptions:")
    rows = [
        (one["name"], str(one["count"]), dollars(one["cents"]), f"{one['oldest_days']} days old")
        for one in day["exceptions"]
    ]
    say(table(sorted(rows)))


async def _one_claim(story: Story, say: Say) -> None:
    """The way of one denied claim through all services, from their timelines."""
    doors = story.clinic.doors
    claims = await doors.every("claims", "/v1/claims")
    denied = {str(one.envelope.aggregate_id) for one in story.clinic.stream.heard
              if one.envelope.event_type.endswith(".ClaimDenied.v1")}  # fmt: skip
    candidates = [one for one in claims if one["id"] in denied]
    if not candidates:
        return
    claim = min(candidates, key=lambda one: (-one["total_charge_cents"], one["service_from_on"]))
    told = [
        one
        for one in story.clinic.stream.heard
        if claim["id"] in (str(one.envelope.aggregate_id), str(getattr(one.fact, "claim_id", "")))
        or str(getattr(one.fact, "encounter_id", "")) == claim["encounter_id"]
    ]
    say(title("One claim's way"))
    rows: dict[tuple[str, str, str], int] = {}
    for one in told:
        name = one.envelope.event_type.split(".")
        key = (f"{one.envelope.occurred_at:%Y-%m-%d}", name[1], name[2])
        rows.setdefault(key, len(rows))
    say(table(list(rows)))
