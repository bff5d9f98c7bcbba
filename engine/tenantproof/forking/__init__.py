"""Packs that are copies: what differs, what an update brings, what it does to verdicts."""
