"""Parameters: what a tenant, a profile or a caller may set, typed and bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from tenantproof.language.instants import read_day_or_instant, read_duration
from tenantproof.verdict import Unknown, Why, unknown


class Parameter(Struct, frozen=True):
    """A declared parameter.

    `type` is one of ``text number boolean duration instant list``; a list holds texts. `default`
    is None where the tenant itself has to declare a value: until then it is unknown.
    """

    name: str
    type: str
    title: str
    default: Any = None
    description: str = ""
    choices: tuple[Any, ...] = ()
    at_least: Any = None
    at_most: Any = None


class Setting(Struct, frozen=True):
    """A value in force, and where it came from (``pack``, ``profile``, ``declarations``, ...)."""

    value: Any
    origin: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_duration(value: Any) -> bool:
    return isinstance(value, str) and read_duration(value) is not None


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and read_day_or_instant(value) is not None


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


TYPES: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "text": ("text", _is_text),
    "number": ("a number", _is_number),
    "boolean": ("true or false", _is_boolean),
    "duration": ("a duration such as `90 days`", _is_duration),
    "instant": ("a date or an instant such as `2026-11-20`", _is_instant),
    "list": ("a list of texts", _is_list),
}
KINDS: Final = {
    "text": "text", "number": "number", "boolean": "boolean", "duration": "text",
    "instant": "text", "list": "list",
}


def fault(parameter: Parameter, value: Any) -> str:
    """Return why a parameter cannot take a value, or an empty text where it can."""
    words, fits = TYPES[parameter.type]
    if not fits(value):
        return f"`{parameter.name}` is {words}"
    if parameter.choices and not _among(value, parameter.choices):
        return f"`{parameter.name}` is one of {', '.join(f'`{c}`' for c in parameter.choices)}"
    return next(_out_of_bounds(parameter, value), "")


def _among(value: Any, choices: tuple[Any, ...]) -> bool:
    return all(v in choices for v in (value if isinstance(value, list) else [value]))


def _out_of_bounds(parameter: Parameter, value: Any) -> Iterator[str]:
    size = _size(value)
    if parameter.at_least is not None and size < _size(parameter.at_least):
        yield f"`{parameter.name}` is at least {parameter.at_least}"
    if parameter.at_most is not None and size > _size(parameter.at_most):
        yield f"`{parameter.name}` is at most {parameter.at_most}"


def _size(value: Any) -> Any:
    if isinstance(value, list):
        return len(value)
    if isinstance(value, str):
        return read_duration(value) or read_day_or_instant(value)
    return value


def in_force(
    declared: Mapping[str, Parameter], *layers: tuple[str, Mapping[str, Any]]
) -> dict[str, Setting]:
    """Return each parameter's value and origin; later layers outrank earlier ones."""
    settings = {
        name: Setting(p.default, "pack") for name, p in declared.items() if p.default is not None
    }
    for origin, values in layers:
        settings.update(
            {name: Setting(v, origin) for name, v in values.items() if name in declared}
        )
    return settings


def undeclared(name: str) -> Unknown:
    """Return the Unknown for a parameter to which nobody has given a value."""
    return unknown(Why.UNDECLARED, "", name, "declare it in `declarations.yaml`")
