"""A deterministic clearinghouse, payer and bank behind real files."""
