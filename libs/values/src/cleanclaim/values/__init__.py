"""Values equal everywhere, without a life cycle and without I/O: nothing here knows a service."""
