"""What differs per place for claims."""

from pydantic import Field

from cleanclaim.chassis.environment import ServiceSettings, settings_config


class Settings(ServiceSettings):
    """Environment variables `CLEANCLAIM_CLAIMS_…`."""

    model_config = settings_config("claims")

    batch_seconds: int = Field(default=300, ge=1, le=86_400)
    """How long a clean claim may wait for others before a file is cut."""
    claims_per_set: int = Field(default=5_000, ge=1, le=5_000)
    """Claims in one ST: a 999 that rejects the ST rejects all of them."""
