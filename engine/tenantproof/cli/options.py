"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class Names(click.types.StringParamType):
    """Names of files; in an environment variable they are separated as in ``PATH``."""

    envvar_list_splitter = os.pathsep


PACK: Final = click.option(
    "--pack", "packs", multiple=True, metavar="DIR|NAME", type=Names(), envvar="TENANTPROOF_PACK",
    help="A pack of policies, by its folder or, where it is bundled or installed, its name; may "
         "be repeated. Default: the bundled pack.",
)
SELECT: Final = click.option(
    "--select", multiple=True, metavar="GLOB",
    help="Only policies whose id matches, such as `MFA-*`; may be repeated. "
         "Default: what the profile chooses.",
)
PROFILE: Final = click.option(
    "--profile", metavar="NAME|FILE", envvar="TENANTPROOF_PROFILE",
    help="The profile that chooses policies, parameters and severities. "
         "Default: the one that the pack names, else every stable policy.",
)
PARAM: Final = click.option(
    "--param", "params", multiple=True, metavar="[ID.]NAME=VALUE",
    help="Set a parameter: one of the pack by NAME, a policy's own by ID.NAME; may be repeated.",
)
DECLARATIONS: Final = click.option(
    "--declarations", metavar="FILE", envvar="TENANTPROOF_DECLARATIONS",
    help="What the tenants declare: `declarations.yaml`, values by tenant id.",
)
ATTESTATIONS: Final = click.option(
    "--attestations", multiple=True, metavar="FILE", type=Names(),
    envvar="TENANTPROOF_ATTESTATIONS",
    help="What people have attested: `attestations.yaml`; may be repeated.",
)
WAIVERS: Final = click.option(
    "--waivers", multiple=True, metavar="FILE", type=Names(), envvar="TENANTPROOF_WAIVERS",
    help="Which failures were accepted: `waivers.yaml`; may be repeated.",
)
AS_OF: Final = click.option(
    "--as-of", metavar="TIME",
    help="The instant of judging (RFC 3339, or a day). Default: when each snapshot was exported.",
)


AS_OF_TODAY: Final = click.option(
    "--as-of", metavar="TIME",
    help="The instant at which dates are looked at (RFC 3339, or a day). Default: now.",
)


def output(formats: str) -> Callable[[Command], Command]:
    """Return the option ``--output`` for a command with these formats."""
    return click.option(
        "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]",
        help=f"The format ({formats}) and where it goes; may be repeated. "
             "Default: text on standard output.",
    )
