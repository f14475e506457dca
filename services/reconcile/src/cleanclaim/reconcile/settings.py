"""What differs from place to place for reconcile."""

from cleanclaim.chassis.environment import ServiceSettings, settings_config


class Settings(ServiceSettings):
    """Reconcile needs nothing beyond what every service needs."""

    model_config = settings_config("reconcile")
