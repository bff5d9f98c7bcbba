"""Importers: what people already export becomes a snapshot, with what is missing from it."""
