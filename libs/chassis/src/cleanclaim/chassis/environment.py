"""The settings all services share, from the environment; a service's `settings` extends them."""

from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def settings_config(service: str) -> SettingsConfigDict:
    """The prefix `CLEANCLAIM_<SERVICE>_` for the fields of one service's settings."""
    return SettingsConfigDict(
        env_prefix=f"CLEANCLAIM_{service.upper()}_", extra="ignore", frozen=True
    )


class ServiceSettings(BaseSettings):
    """What every service needs to run; secrets have no default and are never printed.

    Prefixed fields are one service's own; fields with an alias are shared by all services.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: SecretStr
    """Connection of the application role (`postgresql://…`), possibly through PgBouncer."""
    database_direct_url: SecretStr | None = None
    """Connection of the relay role, never through PgBouncer; its session holds advisory locks."""
    database_report_url: SecretStr | None = None
    """Connection of the reporter role; without it operators see nothing across organizations, and
    a worker asks each organization by itself whether a job has work for it."""
    database_pool_size: int = Field(default=8, ge=1, le=200)
    database_command_seconds: int = Field(default=30, ge=1, le=3600)
    """How long one statement may take before it is given up; more for rebuilding a large table."""
    mailbox_root: Path | None = None
    """Folder with one folder per organization, each with its connections."""
    signing_key: Path | None = None
    """This service's own private key (PEM, ES384), for tokens to other services."""
    signing_key_id: str | None = None
    """That key's id among the trusted ones, `service-<name>` unless told; a next generation's is
    `service-<name>.<generation>`, so that both are trusted while processes change over."""
    worker_name: str | None = None
    """A stable name of this worker (static membership); leave it out in a Deployment."""

    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092", validation_alias=AliasChoices("KAFKA_BOOTSTRAP_SERVERS")
    )
    trusted_keys: str | None = Field(
        default=None, validation_alias=AliasChoices("CLEANCLAIM_TRUSTED_KEYS")
    )
    """Path or URL of the JWKS whose keys may sign tokens for this service."""
    vault_key: Path | None = Field(
        default=None, validation_alias=AliasChoices("CLEANCLAIM_VAULT_KEY")
    )
    """File with the 32 bytes that wrap each organization's data keys."""
    intake_url: str = Field(
        default="http://127.0.0.1:8080", validation_alias=AliasChoices("CLEANCLAIM_INTAKE_URL")
    )
    clock_offset_seconds: int = Field(
        default=0, validation_alias=AliasChoices("CLEANCLAIM_CLOCK_OFFSET_SECONDS")
    )
    """Shift of the service's clock for a local stack on a virtual date; 0 in production."""
    clock_file: Path | None = Field(
        default=None, validation_alias=AliasChoices("CLEANCLAIM_CLOCK_FILE")
    )
    """File with that shift in seconds, read again when it changes; local stacks only."""
    development: bool = Field(
        default=False, validation_alias=AliasChoices("CLEANCLAIM_DEVELOPMENT")
    )
    """Accept the local development issuer's longer tokens."""
    traces: str = Field(default="none", validation_alias=AliasChoices("CLEANCLAIM_TRACES"))
    """Where spans go: none, console, otlp."""
    trace_ratio: float = Field(
        default=0.05, ge=0, le=1, validation_alias=AliasChoices("CLEANCLAIM_TRACE_RATIO")
    )

    @property
    def clock_offset(self) -> timedelta:
        return timedelta(seconds=self.clock_offset_seconds)


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def read_settings(settings: type[SettingsT], **overrides: Any) -> SettingsT:
    """The settings of one service from its environment.

    Raises:
        pydantic.ValidationError: a variable is missing or has the wrong form; its name is told.
    """
    return settings(**overrides)
