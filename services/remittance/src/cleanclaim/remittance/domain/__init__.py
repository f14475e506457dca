"""What a payer's answer means: pure rules over remittances, claim payments and claims."""
