"""What every service stands on: unit of work, outbox, consumers, doors, audit, vault, telemetry."""
