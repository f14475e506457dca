"""The background side of a service: relay, consumer, mailbox and jobs, as roles of one process."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

import uvicorn
from fastapi import FastAPI

from cleanclaim.chassis import telemetry
from cleanclaim.chassis.app import running_context
from cleanclaim.chassis.batch import BatchApplier
from cleanclaim.chassis.broker import Publisher
from cleanclaim.chassis.consumer import Consumer
from cleanclaim.chassis.context import ServiceContext, ServiceParts
from cleanclaim.chassis.environment import ServiceSettings
from cleanclaim.chassis.health import Check, answers, database_check, health_router
from cleanclaim.chassis.logs import logger
from cleanclaim.chassis.mail_round import MailRound
from cleanclaim.chassis.measuring import MeasureRound
from cleanclaim.chassis.progress import KafkaLook, Watchdog
from cleanclaim.chassis.reader import kafka_reader
from cleanclaim.chassis.relay import Relay
from cleanclaim.chassis.rounds import JobRound

ROLES = ("relay", "consumer", "mailbox", "jobs")

log = logger(__name__)


async def run_worker(
    parts: ServiceParts,
    settings: ServiceSettings,
    *,
    roles: Sequence[str] = ROLES,
    host: str = "127.0.0.1",
    port: int | None = None,
) -> None:
    """Run the roles until SIGTERM or SIGINT: finish the batch in hand, then end."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running_context(parts, settings) as context:
        consumer = _consumer(parts, settings, context) if "consumer" in roles else None
        running = list(_roles(parts, settings, context, roles, stopping))
        watchdog = None
        if consumer is not None:
            watchdog = _watchdog(settings, context, consumer)
            running += [consumer.run(stopping), watchdog.run(stopping)]
        app = _health_app(health_checks(parts, context, consumer), watchdog)
        server = _server(app, host, port) if port is not None else None
        topics = consumer.applier.topics if consumer is not None else ()
        telemetry.metrics.begin(parts.name, topics=topics)
        log.event("worker_started", role=",".join(roles))
        async with asyncio.TaskGroup() as group:
            if server is not None:
                group.create_task(server.serve())
                group.create_task(_end_with(stopping, server))
            for role in running:
                group.create_task(role)
        telemetry.shut_down()
        log.event("worker_stopped", role=",".join(roles))


def _roles(
    parts: ServiceParts,
    settings: ServiceSettings,
    context: ServiceContext,
    roles: Sequence[str],
    stopping: asyncio.Event,
) -> list[Coroutine[Any, Any, None]]:
    running: list[Coroutine[Any, Any, None]] = []
    if "relay" in roles and settings.database_direct_url is not None:
        relay = Relay(
            service=parts.name,
            database_url=settings.database_direct_url.get_secret_value(),
            publisher=Publisher(settings.kafka_bootstrap_servers, client_id=f"{parts.name}-relay"),
            runtime=context.runtime,
        )
        context.workroom.nudges.append(relay.nudge)
        running.append(relay.run(stopping))
    if "mailbox" in roles and parts.mailbox_doors and settings.mailbox_root is not None:
        running.append(MailRound(context, parts.mailbox_doors, settings.mailbox_root).run(stopping))
    if "jobs" in roles and parts.jobs:
        running.append(JobRound(context, parts.jobs).run(stopping))
    measuring = MeasureRound(context, parts.measures, organizations="jobs" in roles)
    running.append(measuring.run(stopping))
    return running


def _consumer(parts: ServiceParts, settings: ServiceSettings, context: ServiceContext) -> Consumer:
    applier = BatchApplier(
        workroom=context.workroom,
        subscriptions=parts.subscriptions,
        partners=context.partners,
    )
    return Consumer(
        applier=applier,
        connect=kafka_reader(
            settings.kafka_bootstrap_servers,
            service=parts.name,
            worker_name=settings.worker_name,
        ),
        runtime=context.runtime,
    )


def _watchdog(settings: ServiceSettings, context: ServiceContext, consumer: Consumer) -> Watchdog:
    return Watchdog(
        progress=consumer.progress,
        runtime=context.runtime,
        look=KafkaLook(
            settings.kafka_bootstrap_servers,
            service=context.service,
            topics=consumer.applier.topics,
        ),
        database=answers(context.workroom),
    )


def health_checks(
    parts: ServiceParts, context: ServiceContext, consumer: Consumer | None
) -> dict[str, Check]:
    """What must be well for a worker to be ready."""

    async def breaker() -> str | None:
        is_open = consumer is not None and consumer.breaker.open
        return "too many events failed; look at what is parked, then restart" if is_open else None

    return {
        "database": database_check(context.workroom, parts.migrations),
        "breaker": breaker,
    }


def _health_app(checks: dict[str, Check], watchdog: Watchdog | None) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.include_router(health_router(checks, lambda: watchdog.trouble if watchdog else None))
    return app


class _Server(uvicorn.Server):
    """A server that leaves the signals to the worker, whose roles end together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    return _Server(uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False))


async def _end_with(stopping: asyncio.Event, server: uvicorn.Server) -> None:
    await stopping.wait()
    server.should_exit = True
