"""What differs from place to place for intake."""

from cleanclaim.chassis.environment import ServiceSettings, settings_config


class Settings(ServiceSettings):
    """Intake needs nothing beyond what every service needs."""

    model_config = settings_config("intake")
