"""The operators' command: set organizations up, watch the stream, mend what is stuck."""
