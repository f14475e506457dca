"""An X12 HIPAA codec: bytes to typed claims and back, checked, without knowing anything of ours."""
