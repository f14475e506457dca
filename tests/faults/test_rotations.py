"""Signing keys, passwords and data keys change while business goes on; nobody is turned away."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from uuid import UUID

from cleanclaim.chassis.db import Database
from cleanclaim.chassis.runtime import SystemRuntime
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Workroom
from cleanclaim.devstack.keyring import Keyring, service_key
from cleanclaim.devstack.services import role_url
from cleanclaim.devstack.state import write_secret
from cleanclaim.intake.main import PARTS as INTAKE
from cleanclaim.seed.story import SERVICES

from ..journeys.stories import a_scenario, a_story, book
from .world import Driver, business_as_usual, chance

VISITS = 6
OURS = {0, 409, 503}
"""How a rotation may show at a door: no answer, still running, try again."""
NEXT = "next"


class Rotation:
    """One stack's secrets, changed one after another as an operator does."""

    def __init__(self, system, administrator) -> None:
        self._system = system
        self._administrator = administrator
        self._keyring = Keyring(system.places)

    async def service(self, service: str) -> None:
        """Trust the next key beside the old one, change passwords, change over, trust it alone."""
        own = f"CLEANCLAIM_{service.upper()}_"
        old, new = (self._keyring.private_key(name) for name in _names(service))
        key_id = new.stem
        self._keyring.make(key_id)
        self._keyring.publish()
        await self._change_passwords(service)
        told = {f"{own}SIGNING_KEY": str(new), f"{own}SIGNING_KEY_ID": key_id}
        parts = (f"{service}:api", f"{service}:worker")
        extra = dict.fromkeys(parts, told)
        await asyncio.to_thread(self._system.restart, *parts, extra=extra)
        old.rename(old.with_suffix(".old"))
        self._keyring.publish()

    async def _change_passwords(self, service: str) -> None:
        """Processes that run know the old ones only, and their connections are ended."""
        for kind in ("app", "relay"):
            role = f"cleanclaim_{service}_{kind}"
            password = f"next{chance(role).getrandbits(96):x}"
            await self._administrator.execute(f"ALTER ROLE {role} PASSWORD '{password}'")
            write_secret(self._system.places.secrets / f"{role}.password", password.encode())
            await self._administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role
            )

    async def back(self) -> None:
        """The usual keys again, for the tests that come after."""
        for service in SERVICES:
            usual = self._keyring.private_key(service_key(service))
            if (aside := usual.with_suffix(".old")).exists():
                aside.rename(usual)
        self._keyring.publish()
        await asyncio.to_thread(self._system.restart, *SERVICES)
        for service in SERVICES:
            self._keyring.private_key(_names(service)[1]).unlink(missing_ok=True)
        self._keyring.publish()


def _names(service: str) -> tuple[str, str]:
    return service_key(service), f"{service_key(service)}.{NEXT}"


@asynccontextmanager
async def rotating(system, administrator):
    rotation = Rotation(system, administrator)
    try:
        yield rotation
    finally:
        await rotation.back()


async def _new_data_key(system, organization: UUID) -> UUID:
    """Rotate the key under which intake seals for an organization, as a job of its own would."""
    keyring = Keyring(system.places)
    role = "cleanclaim_intake_app"
    url = role_url(system.database_url, role=role, password=keyring.password(role))
    database = Database(url, application="rotation", pool_size=1)
    room = Workroom(
        service="intake", database=database, runtime=SystemRuntime(), metadata=INTAKE.metadata
    )
    try:
        async with room.work(organization) as work:
            return await Vault(keyring.vault_key).rotate(work)
    finally:
        await database.close()


async def _sealed_under(administrator, organization: UUID) -> Counter[UUID]:
    """How many of intake's encounters lie under which data key (the bytes after the first)."""
    rows = await administrator.fetch(
        "SELECT encode(substring(record FROM 2 FOR 16), 'hex') FROM intake.patient_versions"
        " WHERE organization_id = $1",
        organization,
    )
    return Counter(UUID(hex=row[0]) for row in rows)


async def test_keys_and_passwords_that_change_under_load_turn_nobody_away(
    system, places, administrator, tmp_path
):
    async with a_story(system, a_scenario(), "Rotated keys") as story:
        organization = story.clinic.organization_id
        driver = Driver(story, tmp_path / "journal")
        await driver.send(driver.visits(1))
        # those that run keep the older key for a minute; each that is started anew takes the newest
        newest = await _new_data_key(system, organization)
        async with (
            rotating(system, administrator) as rotation,
            business_as_usual(story, places, driver, VISITS) as days,
        ):
            order = list(SERVICES)
            chance("rotation").shuffle(order)
            days.append(1)
            for service in order:
                await rotation.service(service)
            begun = len(days)
            while len(days) < begun + 2:  # noqa: ASYNC110 - a list tells nobody
                await asyncio.sleep(0.2)
        under = await _sealed_under(administrator, organization)
        assert under[newest], "nothing was sealed under the new key"
        assert len(under) == 2, "what lay under the older key still does, and was opened"
        assert set(driver.refused) <= OURS, "a rotation is told as an outage"
        assert (await book(story))["bank"] == sum(days) * 96_00
