"""``--attestations``: what people have attested, and which of it was not heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from tenantproof.attestation import Attestation, Attestations, plain, refused_in_vain
from tenantproof.attesting import problems, read
from tenantproof.audit import TenantReport
from tenantproof.cli import console
from tenantproof.cli.packs import validate
from tenantproof.cli.reading import file_content
from tenantproof.document import Document, load_yaml
from tenantproof.policy import Policy, manuals
from tenantproof.problem import PolicyError, Position, Problem, did_you_mean, quoted
from tenantproof.reach import with_asked
from tenantproof.reports.layout import count_of
from tenantproof.verdict import Verdict
from tenantproof.wording import not_counted

A_FILE: Final = "name a file of attestations, such as `attestations.yaml`"
NOT_ASKED: Final = frozenset({Verdict.NOT_APPLICABLE, Verdict.UNKNOWN, Verdict.ERROR})
MOST_TENANTS: Final = 5
LEFT_OUT: Final = "nothing has to be done where their snapshots were left out"
ANSWER_ANEW: Final = "answer the question anew"


def read_attestations(files: Sequence[str], policies: Mapping[str, Policy]) -> Attestations:
    """Return the attestations of all files; what can never be heard is told as warnings.

    Raises SnapshotError where a file cannot be read, PolicyError with everything that is wrong
    with it.
    """
    documents = [_checked(file) for file in files]
    found = [problem for document in documents for problem in problems(document, policies)]
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise PolicyError(errors)
    console.tell_problems(found)
    return Attestations(one for document in documents for one in read(document))


def _checked(file: str) -> Document:
    document = load_yaml(file_content(file, A_FILE), file)
    wrong = validate(document, "attestations")
    if wrong:
        raise PolicyError(wrong)
    return document


# --- what was not heard -------------------------------------------------------------------------


def tell_unheard(
    attested: Attestations, tenants: Sequence[TenantReport], policies: Mapping[str, Policy]
) -> None:
    """Tell on standard error which attestations answered nothing in this run, and why."""
    if not attested.all:
        return
    subjects = _on_subjects(attested, policies)
    told = [
        *_elsewhere(attested.all, {t.snapshot.tenant.id for t in tenants}),
        *(problem for tenant in tenants for problem in _refused(tenant)),
        *(problem for tenant in tenants for problem in _unmatched(subjects, tenant, policies)),
    ]
    console.tell_problems(dict.fromkeys(told))
    blank = sum(1 for one in attested.all if one.is_blank)
    if blank:
        console.tell(f"note: {count_of(blank, 'attestation')} still to be filled in")


def _elsewhere(attestations: Iterable[Attestation], present: set[str]) -> Iterator[Problem]:
    known = {name.casefold() for name in present}
    absent: dict[str, list[Attestation]] = {}
    for one in attestations:
        for tenant in one.tenants:
            if tenant.casefold() not in known:
                absent.setdefault(tenant, []).append(one)
    named = list(absent.items())
    yield from (_not_in_run(tenant, some, present) for tenant, some in named[:MOST_TENANTS])
    more = len(named) - MOST_TENANTS
    if more > 0:
        yield _warning(
            named[MOST_TENANTS][1][0], "tenant-not-in-run",
            f"{more} more of the tenants that attestations speak of are not in this run", LEFT_OUT,
        )


def _not_in_run(tenant: str, some: Sequence[Attestation], present: set[str]) -> Problem:
    better = did_you_mean(tenant, present)
    speak = "1 attestation speaks" if len(some) == 1 else f"{len(some)} attestations speak"
    return _warning(
        some[0], "tenant-not-in-run",
        f"there is no tenant {quoted(tenant)} in this run, of which {speak}",
        f"did you mean `{better}`?" if better else LEFT_OUT,
    )


def _refused(tenant: TenantReport) -> Iterator[Problem]:
    who = tenant.snapshot.tenant
    considered = [c for finding in tenant.findings for c in finding.outcome.attested]
    for one in refused_in_vain(c for c in considered if not c.attestation.is_blank):
        message = not_counted(one).removesuffix(".")
        yield _warning(
            one.attestation, "refused-attestation",
            f"`{one.attestation.policy}`: {message[:1].lower()}{message[1:]}",
            f"{ANSWER_ANEW} for {who.displayName or who.id}: `{one.attestation.question}`",
        )


def _unmatched(
    on_subjects: Mapping[str, Sequence[Attestation]],
    tenant: TenantReport,
    policies: Mapping[str, Policy],
) -> Iterator[Problem]:
    """Yield what speaks of a subject that a policy, although it asked, did not meet."""
    here = on_subjects.get(tenant.snapshot.tenant.id.casefold(), ())
    if not here:
        return
    asked = [f.policy for f in tenant.findings if f.verdict not in NOT_ASKED]
    names = {policy.id for policy in with_asked(asked, policies)}
    heard = {id(c.attestation) for f in tenant.findings for c in f.outcome.attested}
    for one in here:
        if one.policy in names and id(one) not in heard:
            yield _no_subject(one, policies[one.policy], tenant)


def _on_subjects(
    attested: Attestations, policies: Mapping[str, Policy]
) -> dict[str, list[Attestation]]:
    """Return the answers to questions that are put for each subject, by tenant."""
    found: dict[str, list[Attestation]] = {}
    for one in attested.all:
        if _fits(one, policies):
            for tenant in {name.casefold() for name in one.tenants}:
                found.setdefault(tenant, []).append(one)
    return found


def _fits(one: Attestation, policies: Mapping[str, Policy]) -> bool:
    """Tell whether an answer is to a question as it stands, put for each subject."""
    return one.subject is not None and any(
        plain(q.question) == plain(one.question) and q.subjects is not None
        for q in manuals(policies[one.policy].check)
    )


def _no_subject(one: Attestation, policy: Policy, tenant: TenantReport) -> Problem:
    known = [
        s.id for f in tenant.findings if f.policy.id == policy.id for s in f.outcome.subjects
    ]
    better = did_you_mean(one.subject or "", known)
    return _warning(
        one, "unmatched-attestation", f"`{one.policy}` met no subject {quoted(one.subject or '')}",
        f"did you mean `{better}`?" if better else "take it out where the subject is gone",
    )


def _warning(one: Attestation, rule: str, message: str, help: str) -> Problem:
    return Problem(rule, message, help, one.file, Position(one.line, one.column),
                   severity="warning")
