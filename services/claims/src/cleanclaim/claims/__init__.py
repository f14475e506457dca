"""What we ask to be paid, and whether it arrived."""
