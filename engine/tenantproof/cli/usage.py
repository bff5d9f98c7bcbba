"""What is wrong with a command line, in the words of our other messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import click

from tenantproof.problem import Problem, UsageError, did_you_mean

QUOTED: Final = re.compile(r"'([^']*)'")


def usage_problem(error: click.ClickException) -> Problem:
    """Return click's complaint as a problem, with the one suggestion that is nearest."""
    if isinstance(error, click.exceptions.NoSuchCommand):
        return _no_such("command", error.command_name, _names(error.ctx), error.ctx)
    if isinstance(error, click.NoSuchOption):
        return _no_such("option", error.option_name, _options(error.ctx), error.ctx)
    context = error.ctx if isinstance(error, click.UsageError) else None
    return Problem("usage", _plain(error.format_message()), _look_at(context))


def usage_error(message: str, help: str = "", rule: str = "usage") -> UsageError:
    """Return the error of a caller who asks for something that cannot be done."""
    return UsageError([Problem(rule, message, help)])


def unknown_word(kind: str, word: str, known: Iterable[str]) -> UsageError:
    """Return the error for a word that is none of those that are known."""
    names = list(known)
    better = did_you_mean(word, names)
    there_are = f"there are {', '.join(f'`{name}`' for name in names)}"
    return usage_error(
        f"there is no {kind} `{word}`", f"did you mean `{better}`?" if better else there_are
    )


def _no_such(kind: str, name: str, known: list[str], context: click.Context | None) -> Problem:
    better = did_you_mean(name, known)
    help = f"did you mean `{better}`?" if better else _look_at(context)
    return Problem("usage", f"there is no {kind} `{name}`", help)


def _names(context: click.Context | None) -> list[str]:
    command = context.command if context else None
    if context is None or not isinstance(command, click.Group):
        return []
    return command.list_commands(context)


def _options(context: click.Context | None) -> list[str]:
    parameters = context.command.params if context else []
    return [name for parameter in parameters for name in parameter.opts if name.startswith("-")]


def _look_at(context: click.Context | None) -> str:
    path = context.command_path if context else "tenantproof"
    return f"see `{path} --help`"


def _plain(message: str) -> str:
    text = QUOTED.sub(r"`\1`", " ".join(message.split())).rstrip(".")
    return f"{text[:1].lower()}{text[1:]}"
