"""Parameters that the caller and the tenants set: ``--param`` and ``--declarations``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from tenantproof.cli.packs import validate
from tenantproof.cli.reading import file_content
from tenantproof.cli.usage import usage_error
from tenantproof.document import Document, load_yaml
from tenantproof.pack import Pack, all_parameters
from tenantproof.parameters import Parameter, Setting, fault, in_force
from tenantproof.policy import Policy
from tenantproof.problem import PolicyError, Problem, did_you_mean, quoted
from tenantproof.reach import with_asked

NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
BOOLEANS: Final = {"true": True, "false": False}
NOTHING: Final = object()
A_FILE: Final = "name a file of declarations, such as `declarations.yaml`"

Declared = Mapping[str, Parameter]
Given = Mapping[str, Any]


def declared_by(pack: Pack, policies: Iterable[Policy]) -> dict[str, Parameter]:
    """Return the parameters that can be set: shared ones by name, a policy's own by ``ID.NAME``.

    A policy that another one asks is judged too, so its own parameters count.
    """
    return all_parameters(pack.parameters, with_asked(policies, pack.policies))


def refuse_unheard(given: Given, heard: Declared) -> None:
    """Raise UsageError where the caller sets a parameter of a policy that is not judged."""
    for name in given:
        if name not in heard:
            policy = name.rpartition(".")[0]
            raise usage_error(f"`--param {name}` would not be heard: `{policy}` is not judged",
                              f"select `{policy}` too, or leave the parameter out")


def settings_of(
    declared: Declared, profile: Given, tenant: Given, caller: Given
) -> dict[str, Setting]:
    """Return what is in force for one tenant."""
    return in_force(
        declared, ("profile", profile), ("declarations", tenant), ("command line", caller)
    )


# --- the command line ---------------------------------------------------------------------------


def read_params(written: Sequence[str], declared: Declared) -> dict[str, Any]:
    """Return the values of ``[ID.]NAME=VALUE``; raises UsageError for the first that is wrong."""
    values: dict[str, Any] = {}
    for text in written:
        name, equals, value = text.partition("=")
        if not equals:
            raise usage_error(f"`--param {text}` has no value", "write `--param NAME=VALUE`")
        if name in values:
            raise usage_error(f"`--param {name}` is given twice", "give it once")
        if name not in declared:
            raise _no_parameter(name, declared)
        values[name] = _checked(declared[name], value, name)
    return values


def _no_parameter(name: str, declared: Declared) -> Exception:
    policy, dot, own = name.rpartition(".")
    if dot and own in declared:
        return usage_error(f"`{policy}` has no parameter `{own}` of its own",
                           f"it is shared by the pack: write `--param {own}=VALUE`")
    better = did_you_mean(name, declared)
    qualified = [known for known in declared if known.endswith(f".{name}")]
    known = ", ".join(f"`{known}`" for known in sorted(declared)) or "none"
    return usage_error(
        f"there is no parameter `{name}`",
        f"did you mean `{qualified[0] if qualified else better}`?" if qualified or better
        else f"the parameters are {known}",
    )


def _checked(parameter: Parameter, text: str, name: str) -> Any:
    value = READERS[parameter.type](text)
    why = f"`{parameter.name}` is {TYPE_WORDS[parameter.type]}" if value is NOTHING else (
        fault(parameter, value)
    )
    if why:
        raise usage_error(f"`--param {name}={text}`: {why}", EXAMPLES.get(parameter.type, ""))
    return value


def _text(text: str) -> Any:
    return text


def _number(text: str) -> Any:
    return json.loads(text) if NUMBER.fullmatch(text) else NOTHING


def _boolean(text: str) -> Any:
    return BOOLEANS.get(text, NOTHING)


def _list(text: str) -> Any:
    if not text.lstrip().startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    try:
        return json.loads(text)
    except ValueError:
        return NOTHING


READERS: Final[dict[str, Callable[[str], Any]]] = {
    "text": _text, "number": _number, "boolean": _boolean, "duration": _text, "instant": _text,
    "list": _list,
}
TYPE_WORDS: Final = {
    "number": "a number", "boolean": "`true` or `false`", "list": "a list of texts",
}
EXAMPLES: Final = {
    "list": "separate the items by commas, or write a JSON list of texts",
    "boolean": "write `true` or `false`",
    "number": "write digits, such as `30` or `0.5`",
    "duration": "write it as `90 days` or `P90D`",
    "instant": "write it as `2026-11-20` or `2026-11-20T06:00:00Z`",
}


# --- the tenants' own file ----------------------------------------------------------------------


def read_declarations(file: str | None, declared: Declared) -> dict[str, dict[str, Any]]:
    """Return what each tenant declares, by tenant id in lower case.

    Raises SnapshotError where the file cannot be read, PolicyError with everything that is wrong
    with it.
    """
    if file is None:
        return {}
    document = load_yaml(file_content(file, A_FILE), file)
    problems = validate(document, "declarations")
    if problems:
        raise PolicyError(problems)
    written: Any = document.value
    problems = [
        *_twins(document, list(written["tenants"])),
        *(p for tenant in written["tenants"] for p in _faults(document, tenant, declared)),
    ]
    if problems:
        raise PolicyError(problems)
    return {tenant.casefold(): dict(values) for tenant, values in written["tenants"].items()}


def _twins(document: Document, tenants: list[str]) -> Iterable[Problem]:
    seen: dict[str, str] = {}
    for tenant in tenants:
        first = seen.setdefault(tenant.casefold(), tenant)
        if first != tenant:
            yield document.key_problem(
                ("tenants", tenant), "duplicate-key", f"{quoted(tenant)} stands here twice",
                "put what the tenant declares under one key",
            )


def _faults(document: Document, tenant: str, declared: Declared) -> Iterable[Problem]:
    value: Any = document.value
    for name, given in value["tenants"][tenant].items():
        path = ("tenants", tenant, name)
        if name not in declared:
            better = did_you_mean(name, declared)
            yield document.key_problem(
                path, "unknown-parameter", f"there is no parameter {quoted(name)}",
                f"did you mean `{better}`?" if better else "`pack.yaml` lists the parameters",
                consequence="what this tenant declares would not be heard",
            )
            continue
        why = fault(declared[name], given)
        if why:
            yield document.problem(path, "parameter-value", why, "correct the value")
