"""The local stack: embedded PostgreSQL, a real Kafka broker and the services, by one command."""
