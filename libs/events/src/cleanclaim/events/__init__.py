"""The contracts of the event stream: envelope, catalogue, models, schemas and examples."""
