"""``--waivers``: which failures were accepted, and which waivers had no effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from tenantproof.audit import TenantReport
from tenantproof.cli import console
from tenantproof.cli.packs import validate
from tenantproof.cli.reading import file_content
from tenantproof.document import Document, load_yaml
from tenantproof.finding import Finding
from tenantproof.pack import Pack
from tenantproof.problem import PolicyError, Position, Problem, did_you_mean, quoted
from tenantproof.verdict import Verdict
from tenantproof.waiver import Use, Waiver, Waivers
from tenantproof.waiving import problems, read

A_FILE: Final = "name a file of waivers, such as `waivers.yaml`"
MOST_TOLD: Final = 20
SETTLED: Final = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE})
TAKE_IT_OUT: Final = "take it out: an exception that nobody needs hides the next failure"
LEFT_OUT: Final = "nothing has to be done where their snapshots were left out"


def read_waivers(files: Sequence[str], pack: Pack) -> Waivers:
    """Return the waivers of all files.

    Raises SnapshotError where a file cannot be read, PolicyError with everything that is wrong
    with it.
    """
    documents = [checked(file) for file in files]
    found = [one for document in documents
             for one in problems(document, pack.policies, pack.requirements)]
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise PolicyError(errors)
    console.tell_problems(found)
    return Waivers(one for document in documents for one in read(document))


def checked(file: str) -> Document:
    """Return a file of waivers that satisfies its schema; PolicyError where it does not."""
    return checked_text(file_content(file, A_FILE), file)


def checked_text(data: bytes, file: str) -> Document:
    """Return the document of a file's bytes; PolicyError where they do not satisfy the schema."""
    document = load_yaml(data, file)
    wrong = validate(document, "waivers")
    if wrong:
        raise PolicyError(wrong)
    return document


# --- what had no effect -------------------------------------------------------------------------


def tell_idle(waivers: Waivers, tenants: Sequence[TenantReport]) -> None:
    """Tell on standard error which waivers accepted nothing in this run, and why."""
    if waivers.all:
        told = list(dict.fromkeys(idle(waivers, tenants)))
        console.tell_problems(told[:MOST_TOLD])
        if len(told) > MOST_TOLD:
            console.tell(f"note: {len(told) - MOST_TOLD} more waivers had no effect; "
                         "`tenantproof waivers check` names them all")


def idle(waivers: Waivers, tenants: Iterable[TenantReport]) -> Iterator[Problem]:
    """Yield a problem for everything in the waivers that made no difference to these tenants."""
    present: dict[str, str] = {}
    for tenant in tenants:
        present[tenant.snapshot.tenant.id.casefold()] = tenant.snapshot.tenant.id
        for finding in tenant.findings:
            for use in finding.waived.uses if finding.waived is not None else ():
                yield from of_use(use, finding, tenant)
    yield from _elsewhere(waivers.all, present)


def of_use(use: Use, finding: Finding, tenant: TenantReport) -> Iterator[Problem]:
    """Yield what is to be said of one waiver after one finding."""
    waived = finding.waived
    if waived is None or waived.without not in SETTLED:
        return
    who = tenant.snapshot.tenant
    name = quoted(who.displayName or who.id)
    if not use.standing.holds and use.is_needed:
        yield refused(use.waiver, use.standing.why)
    if waived.without is not Verdict.FAIL:
        yield _warning(use.waiver, "unneeded-waiver",
                       f"`{use.waiver.policy}` does not fail in {name}", TAKE_IT_OUT)
    elif not use.waiver.subjects and not use.on_tenant:
        yield _warning(use.waiver, "unneeded-waiver",
                       f"`{use.waiver.policy}` does not fail in {name} as a whole, but by its "
                       "subjects", "name `subjects`")
    elif waived.without is Verdict.FAIL:
        yield from _idle_selectors(use, finding, name)


def _idle_selectors(use: Use, finding: Finding, tenant: str) -> Iterator[Problem]:
    failing = [s.id for s in finding.outcome.subjects if s.verdict is Verdict.FAIL]
    for selector in use.idle:
        better = did_you_mean(str(selector), failing) if selector in use.strange else ""
        if selector in use.strange or selector.evidence:
            yield _warning(
                use.waiver, "unmatched-waiver",
                f"`{use.waiver.policy}` has no failing subject {quoted(str(selector))} in {tenant}",
                f"did you mean `{better}`?" if better else "take it out where it is gone",
            )
        else:
            yield _warning(
                use.waiver, "unneeded-waiver",
                f"{quoted(str(selector))} does not fail `{use.waiver.policy}` in {tenant}",
                TAKE_IT_OUT,
            )


def refused(waiver: Waiver, why: str) -> Problem:
    """Return what is told of a waiver that does not hold."""
    return _warning(waiver, "refused-waiver",
                    f"the waiver of `{waiver.policy}` does not count: {why}",
                    "mend the tenant, or have the failure accepted anew")


def _elsewhere(waivers: Iterable[Waiver], present: Mapping[str, str]) -> Iterator[Problem]:
    for one in waivers:
        for tenant in one.tenants:
            if tenant.casefold() not in present:
                better = did_you_mean(tenant, present.values())
                yield _warning(
                    one, "tenant-not-in-run",
                    f"there is no tenant {quoted(tenant)} in this run, of which a waiver speaks",
                    f"did you mean `{better}`?" if better else LEFT_OUT,
                )


def ending(waiver: Waiver, as_of: datetime, last_day: str) -> Problem:
    """Return what is told of a waiver that will soon be over."""
    return _warning(waiver, "ending-waiver",
                    f"the waiver of `{waiver.policy}` ends after {last_day}",
                    f"mend the tenant until then; `{waiver.owner}` owns it")


def _warning(one: Waiver, rule: str, message: str, help: str) -> Problem:
    return Problem(rule, message, help, one.file, Position(one.line, one.column),
                   severity="warning")
