"""What proves a pack without any tenant: lint, and each policy's own cases."""
