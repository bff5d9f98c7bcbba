"""Builds the sample snapshots: worlds made of people, groups, policies and relationships."""
