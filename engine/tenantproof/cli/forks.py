"""``tenantproof pack``: the group of commands for packs that are copies, and for digests."""

from __future__ import annotations

import click

from tenantproof.cli.packing import diff, verify
from tenantproof.cli.updating import update


@click.group("pack", short_help="Compare, update or verify a pack.")
def command() -> None:
    """Work with a pack that is a copy of another, and with the digests of any pack."""


for one in (diff, update, verify):
    command.add_command(one)
