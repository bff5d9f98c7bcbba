"""The peers: each judges the same tenant by the same policies, in its own language."""
