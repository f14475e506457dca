"""`cleanclaim-trial`: invented visits from the door to the bank, in an installation elsewhere.

It is given what the services of that installation were given: their addresses, the broker, the
development issuer's key and the mailbox folder. The clock is the real one, so the invented payer
answers at once and pays on the next banking day.
"""

import argparse
import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import httpx
from aiokafka.errors import KafkaError

from cleanclaim.devstack.keyring import AUDIENCE, ISSUER_KEY, signed
from cleanclaim.events.reconcile import DepositMatched
from cleanclaim.payersim.scenario import Money, Payer, Scenario
from cleanclaim.payersim.simulator import Simulator
from cleanclaim.seed.clinic import opened_clinic
from cleanclaim.seed.doors import Refused
from cleanclaim.seed.encounters import visits
from cleanclaim.seed.report import dollars, table
from cleanclaim.seed.settling import NotSettled
from cleanclaim.seed.story import SERVICES, StillInMailbox, Story, terms_of

PAYER = Payer(
    name="Prairie Mutual Health",
    identifier="PMH01",
    originating_company_id="1990000011",
    pays_after_days=0,
)
SCENARIO = Scenario(payers=(PAYER,), rules=(), money=Money())
MOST_VISITS = 11  # the twelfth would have a deliberate error


class NotPaid(Exception):  # noqa: N818 - says what is the matter
    """What went in did not come out as money; says what stands instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A running system, by its addresses and its development key."""

    urls: dict[str, str]
    kafka_bootstrap: str
    issuer_key: Path

    def token(self, *, organization_id: str | None, scope: str) -> str:
        """A token for an hour. Raises OSError where the key cannot be read."""
        claims = {"sub": "trial", "client_id": "trial", "aud": AUDIENCE, "scope": scope}
        if organization_id is not None:
            claims["organization_id"] = str(UUID(organization_id))
        return signed(claims, self.issuer_key, minutes=60)


def installation(environ: Mapping[str, str], keys: Path) -> Installation:
    """The installation that the environment names, as the services' own settings name it.

    Raises:
        KeyError: an address is missing; its variable is told.
    """
    return Installation(
        urls={name: environ[f"CLEANCLAIM_{name.upper()}_URL"] for name in SERVICES},
        kafka_bootstrap=environ["KAFKA_BOOTSTRAP_SERVERS"],
        issuer_key=keys / f"{ISSUER_KEY}.pem",
    )


async def live(place: Installation, *, mailboxes: Path, count: int, today: date) -> Story:
    """Live the trial and print each step.

    Raises:
        NotPaid: some visit did not become money in the bank.
        Refused, NotSettled, StillInMailbox: a door, the stream or a mailbox did not do its part.
    """
    with TemporaryDirectory() as memory:
        async with opened_clinic(
            place, mailboxes=mailboxes, seed=1, name="Trial Clinic", payers=terms_of(SCENARIO)
        ) as clinic:
            payers = Simulator(
                mailbox=clinic.mailbox,
                bank_mailbox=clinic.bank_mailbox,
                scenario=SCENARIO,
                seed=1,
                memory=Path(memory) / "payers.json",
            )
            story = Story(place, clinic, payers)
            await story.settled()
            await _live_one_day(story, count=count, today=today)
            return story


async def _live_one_day(story: Story, *, count: int, today: date) -> None:
    clinic = story.clinic
    made = visits(
        seed=1, count=count, payers=[PAYER.name], medicare="", staff=clinic.staff, until_on=today
    )
    print(f"organization {clinic.organization_id}")
    sent = await clinic.send(made)
    print(f"{len(sent)} visits went in by REST: {_counted(one.state for one in sent)}")
    await story.settled()
    print("claims are built; one 837P goes out, 999 and 277CA come back")
    await story.submit(today)
    print(f"claims: {_counted(one['state'] for one in await _claims(story))}")
    print("the payer sends its 835, the bank its statement")
    # banks rest at weekends and on holidays: what is paid today may be dated some days ahead
    await story.pay(today + timedelta(days=7))
    await _show_money(story, count)


async def _show_money(story: Story, count: int) -> None:
    claims = await _claims(story)
    print(f"claims: {_counted(one['state'] for one in claims)}")
    balance = await story.clinic.doors.get("accounts", "/v1/trial-balance", as_of="2999-12-31")
    net = {one["account"]: one["debit_cents"] - one["credit_cents"] for one in balance["accounts"]}
    print(table([*sorted((name, dollars(c)) for name, c in net.items()),
                 ("sum", dollars(sum(net.values())))]))  # fmt: skip
    matched = story.clinic.stream.of(DepositMatched)
    print(f"deposits matched: {len(matched)}")
    decided = sum(one["state"] in {"adjudicated", "closed"} for one in claims)
    if decided != count or not matched or sum(net.values()) or net.get("bank", 0) <= 0:
        raise NotPaid(f"{decided} of {count} claims are decided, {len(matched)} deposits matched")


async def _claims(story: Story) -> list[dict[str, str]]:
    return await story.clinic.doors.every("claims", "/v1/claims")


def _counted(words: Iterable[str]) -> str:
    counts = sorted(Counter(words).items())
    return ", ".join(f"{count} {word}" for word, count in counts) or "none"


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; 0 all paid, 1 not, 2 where the environment does not name the system."""
    given = _parser().parse_args(words)
    try:
        place = installation(os.environ, given.keys)
        today = datetime.now(UTC).date()
        asyncio.run(live(place, mailboxes=given.mailboxes, count=given.visits, today=today))
    except KeyError as missing:
        print(f"cleanclaim-trial: the environment lacks {missing}", file=sys.stderr)
        return 2
    except (Refused, NotSettled, StillInMailbox, NotPaid, KafkaError, httpx.HTTPError) as error:
        print(f"cleanclaim-trial: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cleanclaim-trial: {error}", file=sys.stderr)
        return 2
    print("from the visit to the bank: all of it agrees")
    return 0


def _visits(word: str) -> int:
    count = int(word)
    if not 1 <= count <= MOST_VISITS:
        raise argparse.ArgumentTypeError(f"between 1 and {MOST_VISITS}")
    return count


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleanclaim-trial",
        description="Sends invented visits through an installation that runs on development keys,"
        " plays clearinghouse, payer and bank in its mailbox, and checks that the money arrives."
        " Takes CLEANCLAIM_<SERVICE>_URL and KAFKA_BOOTSTRAP_SERVERS from the environment.",
    )
    parser.add_argument("--visits", type=_visits, default=1, help=f"1 to {MOST_VISITS} (1)")
    parser.add_argument(
        "--keys",
        type=Path,
        default=Path("/var/lib/cleanclaim/keys"),
        help=f"folder with {ISSUER_KEY}.pem (default: %(default)s)",
    )
    parser.add_argument(
        "--mailboxes",
        type=Path,
        default=Path("/var/lib/cleanclaim/mailbox"),
        help="the services' mailbox root (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
