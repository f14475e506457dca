"""What is generated from the contracts: schemas, their lock, wire records and reference pages."""
