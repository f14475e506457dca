"""What differs from place to place for accounts."""

from cleanclaim.chassis.environment import ServiceSettings, settings_config


class Settings(ServiceSettings):
    """Accounts needs nothing beyond what every service needs."""

    model_config = settings_config("accounts")
