"""What differs from place to place for denials."""

from cleanclaim.chassis.environment import ServiceSettings, settings_config


class Settings(ServiceSettings):
    """Denials needs nothing beyond what every service needs."""

    model_config = settings_config("denials")
