"""Builds the HTTP side of a service from its parts: context, doors, errors, health, limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from cleanclaim.chassis import event_feed_routes, operations, work_item_routes
from cleanclaim.chassis.auth import KeySource, ServiceSigner, TokenVerifier, scopes_of
from cleanclaim.chassis.context import ServiceContext, ServiceParts
from cleanclaim.chassis.db import Database
from cleanclaim.chassis.description import describe_doors, refuse_open_routes
from cleanclaim.chassis.environment import ServiceSettings
from cleanclaim.chassis.errors import install_error_handlers
from cleanclaim.chassis.health import database_check, health_router
from cleanclaim.chassis.http import ServiceClient
from cleanclaim.chassis.limits import BodyLimit
from cleanclaim.chassis.methods import KnownMethods
from cleanclaim.chassis.observed_requests import ObservedRequests
from cleanclaim.chassis.request_id import RequestId
from cleanclaim.chassis.runtime import Runtime, SystemRuntime
from cleanclaim.chassis.vault import Vault
from cleanclaim.chassis.work import Workroom

AUDIENCE = "cleanclaim"
DEVELOPMENT_ISSUER = "cleanclaim-dev"
REPORT_CONNECTIONS = 2


class SettingMissing(Exception):  # noqa: N818 - says what is missing
    """A setting that this process cannot do without is not set."""


@asynccontextmanager
async def running_context(
    parts: ServiceParts, settings: ServiceSettings, runtime: Runtime | None = None
) -> AsyncIterator[ServiceContext]:
    """A service's context for as long as the block runs; its connections are closed after it.

    Raises:
        SettingMissing: the vault's key is not set.
    """
    runtime = runtime or SystemRuntime(
        clock_offset=settings.clock_offset, clock_file=settings.clock_file
    )
    if settings.vault_key is None:
        raise SettingMissing("CLEANCLAIM_VAULT_KEY names no file: PHI cannot be sealed without it")
    database = Database(
        settings.database_url.get_secret_value(),
        application=f"cleanclaim-{parts.name}",
        pool_size=settings.database_pool_size,
        command_seconds=settings.database_command_seconds,
    )
    signer = (
        ServiceSigner(parts.name, settings.signing_key, runtime, key_id=settings.signing_key_id)
        if settings.signing_key is not None
        else None
    )
    reports = _reports(parts, settings)
    context = ServiceContext(
        settings=settings,
        workroom=Workroom(
            service=parts.name, database=database, runtime=runtime, metadata=parts.metadata
        ),
        runtime=runtime,
        vault=Vault(settings.vault_key),
        signer=signer,
        reports=reports,
    )
    clients: list[ServiceClient] = []

    def client_for(address: str) -> ServiceClient:
        client = ServiceClient(address, signer=signer, runtime=runtime, service=parts.name)
        clients.append(client)
        return client

    if parts.partners is not None:
        context.partners = parts.partners(client_for, settings)
    try:
        yield context
    finally:
        for client in clients:
            await client.close()
        if reports is not None:
            await reports.close()
        await database.close()


def _reports(parts: ServiceParts, settings: ServiceSettings) -> Database | None:
    if settings.database_report_url is None:
        return None
    return Database(
        settings.database_report_url.get_secret_value(),
        application=f"cleanclaim-{parts.name}-reports",
        pool_size=REPORT_CONNECTIONS,
        command_seconds=settings.database_command_seconds,
    )


def create_app(
    parts: ServiceParts, settings: ServiceSettings | None, runtime: Runtime | None = None
) -> FastAPI:
    """The service's application. Without settings it can only describe itself (OpenAPI).

    Raises:
        RouteWithoutScope: a route would let anybody pass.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if settings is None:
            raise SettingMissing("an application that serves needs settings")
        async with running_context(parts, settings, runtime) as context:
            app.state.context = context
            app.state.verifier = _verifier(settings, context.runtime)
            ready = database_check(context.workroom, parts.migrations)
            app.include_router(health_router({"database": ready}))
            yield

    app = FastAPI(
        title=parts.title,
        summary=parts.summary,
        version="1.0.0",
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        openapi_tags=[],
        separate_input_output_schemas=False,
    )
    for router in parts.routers:
        app.include_router(router)
    app.include_router(work_item_routes.router)
    app.include_router(event_feed_routes.router)
    app.include_router(operations.router)
    app.state.parts = parts
    refuse_open_routes(app)
    describe_doors(app)
    install_error_handlers(app)
    clock = runtime or SystemRuntime()
    app.add_middleware(KnownMethods, routes=list(scopes_of(app)))
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestId, runtime=clock)
    app.add_middleware(ObservedRequests, service=parts.name)
    return app


def _verifier(settings: ServiceSettings, runtime: Runtime) -> TokenVerifier:
    if settings.trusted_keys is None:
        raise SettingMissing("CLEANCLAIM_TRUSTED_KEYS names no JWKS: no token could be trusted")
    return TokenVerifier(
        KeySource(settings.trusted_keys, runtime),
        audience=AUDIENCE,
        runtime=runtime,
        development=settings.development,
    )
