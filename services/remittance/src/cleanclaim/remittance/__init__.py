"""What the payer answered."""
