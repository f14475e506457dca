"""What differs from place to place for remittance."""

from cleanclaim.chassis.environment import ServiceSettings, settings_config


class Settings(ServiceSettings):
    """Remittance needs nothing beyond what every service needs."""

    model_config = settings_config("remittance")
