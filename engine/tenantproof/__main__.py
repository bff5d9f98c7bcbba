"""``python -m tenantproof``."""

from tenantproof.cli import start

start()
