"""The group of commands, and what every kind of failure looks like to the caller."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Final

import click

from tenantproof import __version__
from tenantproof.cli import console
from tenantproof.cli.exits import BUG, DONE, UNREADABLE, WRONG
from tenantproof.cli.looking import found
from tenantproof.cli.usage import usage_problem
from tenantproof.problem import Problem, SnapshotError, TenantproofError, because
from tenantproof.safe import printable

INTERRUPTED: Final = 130
COMMANDS: Final = {
    "check": "tenantproof.cli.checking",
    "list": "tenantproof.cli.listing",
    "explain": "tenantproof.cli.explaining",
    "coverage": "tenantproof.cli.covering",
    "docs": "tenantproof.cli.documenting",
    "diff": "tenantproof.cli.diffing",
    "report": "tenantproof.cli.merging",
    "waivers": "tenantproof.cli.waivers",
    "attest": "tenantproof.cli.attest",
    "init": "tenantproof.cli.beginning",
    "pack": "tenantproof.cli.forks",
    "lint": "tenantproof.cli.linting",
    "test": "tenantproof.cli.testing",
    "snapshot": "tenantproof.cli.snapshots",
    "import": "tenantproof.cli.importing",
}
CONFIGURED: Final = frozenset({
    "check", "list", "explain", "coverage", "docs", "lint", "test", "waivers", "attest",
    "pack",
})
EPILOG: Final = (
    "Exit codes: 0 nothing failed, 1 something failed, 2 the command line or a policy is wrong, "
    "3 an input could not be read or an output not written, 4 a bug of tenantproof, 5 nothing "
    "failed but not everything could be judged."
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for: starting has to be cheap."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in reading order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command from its own module."""
        if cmd_name not in COMMANDS:
            return None
        module: Any = importlib.import_module(COMMANDS[cmd_name])
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with, or say which one was meant."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.exceptions.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup, epilog=EPILOG, context_settings={"max_content_width": 100},
    no_args_is_help=True,
)
@click.option("--config", metavar="FILE", envvar="TENANTPROOF_CONFIG",
              help="The configuration. Default: the nearest `tenantproof.yaml`, from the working "
                   "folder upward; `none` uses none.")
@click.version_option(__version__, message="tenantproof %(version)s")
@click.pass_context
def group(context: click.Context, config: str | None) -> None:
    """Judge exported tenants by Microsoft's security requirements for CSP partners.

    Policies are YAML, tenants are snapshots of JSON; no data is never a pass.
    """
    file = found(config)
    if file is None or context.invoked_subcommand not in CONFIGURED:
        return
    from tenantproof.cli.configured import default_map, settings  # here: most have no such file

    context.default_map = default_map(settings(file), COMMANDS)
    console.tell(f"note: settings of `{printable(file)}`")


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments ask for and return the exit code."""
    try:
        result = group.main(list(arguments), prog_name="tenantproof", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        console.tell(error.format_message())
        return WRONG
    except click.ClickException as error:
        console.tell_problems([usage_problem(error)])
        return WRONG
    except click.Abort:
        return INTERRUPTED
    except TenantproofError as error:
        console.tell_problems(error.problems)
        return UNREADABLE if isinstance(error, SnapshotError) else WRONG
    except SystemExit:
        # Click ends the process itself where its help meets a closed pipe.
        return UNREADABLE
    except OSError as error:
        return _unreachable(error)
    except Exception as error:  # noqa: BLE001  the edge of the program: all else is our bug
        console.tell_bug(error)
        return BUG
    return result if isinstance(result, int) else DONE


def _unreachable(error: OSError) -> int:
    place = f"`{error.filename}`" if error.filename else "a file or standard output"
    console.tell_problems([Problem("unreachable", f"{place} cannot be used: {because(error)}")])
    return UNREADABLE
