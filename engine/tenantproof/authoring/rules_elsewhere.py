"""The ids of problems that other commands than ``lint`` tell, with what each means."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Told(Struct, frozen=True):
    """A problem's id and what it means."""

    id: str
    meaning: str


class Table(Struct, frozen=True):
    """Ids that belong together, under one heading."""

    title: str
    intro: str
    rows: tuple[Told, ...]


SNAPSHOTS: Final = Table("What a snapshot may be told", "`check`, `explain` and the `snapshot` "
                         "commands tell it of a tenant's export; `docs/exporting.md` helps.", (
    Told("no-snapshot", "what was named is no snapshot, or cannot be read"),
    Told("no-manifest", "the folder or archive has no `tenant.json`, or more than one"),
    Told("unreadable-file", "a file that the manifest lists cannot be read"),
    Told("file-outside", "a name or link leads out of the snapshot's folder"),
    Told("damaged-archive", "an archive or a compressed file is not whole"),
    Told("too-large", "a compressed file grows beyond all measure"),
    Told("blank-file", "a file holds nothing"),
    Told("encoding", "a file is UTF-16 without its mark, or no text at all"),
    Told("not-utf8", "a byte is not UTF-8"),
    Told("not-json", "a file is a web page or XML: a sign-in page may have been saved"),
    Told("json-syntax", "a file is not JSON, or breaks off"),
    Told("json-type", "a value is not of the type that the manifest or the one-file form asks for"),
    Told("too-deep", "the JSON is nested too deeply"),
    Told("not-a-number", "`NaN` or `Infinity` stands where JSON has no number"),
    Told("number-out-of-range", "a number is too large to be judged"),
    Told("lone-surrogate", "an escape is half a character"),
    Told("truncated", "a file ends in the middle of a JSON value"),
    Told("manifest", "the manifest says something of the tenant or a collection that cannot be"),
    Told("snapshot-format", "the manifest has a format that this version does not know"),
    Told("manifest-date", "`exportedAt` is no instant"),
    Told("incomplete", "a collection is not whole, with the reason (a warning)"),
    Told("unknown-collection", "a collection is listed that no policy can read (a warning)"),
    Told("unlisted-file", "a file is not listed in the manifest and was not read (a warning)"),
    Told("duplicate-id", "two records of a collection have the same id (a warning)"),
    Told("duplicate-key", "a JSON object sets a key twice (a warning)"),
))

IMPORTS: Final = Table("What an import may be told",
                       "The importers tell it of what other tools saved.", (
    Told("no-source", "the folder or file of responses cannot be read"),
    Told("file-outside", "a link leads out of the folder of responses"),
    Told("nothing-recognised", "no file is a response of Microsoft Graph"),
    Told("several-clouds", "responses come from several clouds"),
    Told("batch", "a file looks like the answer to a batch of requests, and cannot be read as one"),
    Told("incomplete", "a collection cannot be said to be whole, with the reason (a warning)"),
    Told("copy", "two files hold the same; one of them was left out (a warning)"),
    Told("other-log", "rows of another category of log were not taken in (a warning)"),
    Told("several-tenants", "logs are of several tenants"),
    Told("unknown-column", "columns of a report were not taken in (a warning)"),
    Told("unreadable-line", "a line of a log or report cannot be read (a warning)"),
    Told("unrecognised-file", "a file was not taken in (a warning)"),
    Told("no-object", "nothing tells which object an answer is about (a warning)"),
    Told("unknown-object", "an answer is about an object that was not exported (a warning)"),
))

CALLERS: Final = Table("What a caller may be told", "Any command tells it of its own arguments, "
                       "and of declarations.", (
    Told("usage", "an argument or option is wrong, or two do not go together"),
    Told("nothing-selected", "no policy is left to judge"),
    Told("pattern-matches-nothing", "a pattern of ids matches no policy"),
    Told("unreadable-file", "a file that an option names cannot be read"),
    Told("unknown-parameter", "a parameter is given a value and is not declared by the pack"),
    Told("parameter-value", "a value does not fit its parameter's declaration"),
    Told("duplicate-key", "a tenant stands twice in declarations, in two spellings of its id"),
    Told("report", "a file is no report of this version, or reports do not belong together"),
    Told("source-text", "a source text to compare with is not Markdown, or holds nothing"),
    Told("output", "a report or snapshot cannot be written where it was asked for"),
    Told("temporary", "there is no room on disk for the findings of several snapshots"),
    Told("lock", "a `pack.lock` is damaged, or of another format"),
    Told("process", "a process of `--jobs` was ended from outside"),
    Told("unreachable", "a file, or standard output, failed while it was used"),
    Told("no-cases", "`test` was asked of a policy without cases"),
    Told("bug", "tenantproof itself failed; the traceback above says where"),
))

PROFILES: Final = Table("What a profile may be told", "`lint` tells it of the profiles of a pack, "
                        "`check`, `list` and `explain` of a profile that stands alone.", (
    Told("unknown-policy", "a severity is set for a policy that does not exist"),
    Told("unknown-parameter", "a value is given to a parameter that does not exist"),
    Told("parameter-value", "a value does not fit its parameter's declaration"),
    Told("pattern-matches-nothing", "something is selected or ignored that no policy has"),
    Told("nothing-selected", "no policy is left"),
    Told("unknown-profile", "a profile builds on one that does not exist, or `default_profile` "
         "names none"),
    Told("profile-cycle", "two profiles build on each other"),
    Told("file-name", "a profile's file is not named after its id"),
))

ATTESTATIONS: Final = Table("What attestations may be told", "Any command that is given "
                            "`--attestations` tells it; all but the first are warnings, and what "
                            "they are about does not count.", (
    Told("unknown-policy", "there is no such policy"),
    Told("changed-question", "the policy does not ask this question, or no longer"),
    Told("attestation-subject", "a subject is named where the tenant as a whole is asked about, "
         "or none where each is"),
    Told("duplicate-attestation", "the same stands there twice"),
    Told("tenant-not-in-run", "it speaks of a tenant that was not judged"),
    Told("refused-attestation", "it is open, unsigned, expired, dated later than the instant of "
         "judging or in a way that cannot be read, or contradicts another"),
    Told("unmatched-attestation", "it speaks of a subject that the policy did not meet"),
))

WAIVERS: Final = Table("What waivers may be told", "Any command that is given `--waivers` tells "
                       "it; the first six are errors, the others warnings.", (
    Told("unknown-policy", "there is no such policy"),
    Told("not-waivable", "no failure of this policy can be accepted; the obligation is quoted"),
    Told("waiver-without-subjects", "the policy fails by its subjects, and none is named"),
    Told("waiver-subjects", "the policy judges the tenant as a whole, and subjects are named"),
    Told("unknown-label", "the policy's evidence has no label of this name"),
    Told("list-label", "the evidence under this label is a list, which no one value can name"),
    Told("duplicate-waiver", "the same stands there twice"),
    Told("refused-waiver", "it has expired, its day cannot be read, or nobody answers for it"),
    Told("unneeded-waiver", "nothing fails that it accepts"),
    Told("unmatched-waiver", "there is no such failing subject"),
    Told("tenant-not-in-run", "it speaks of a tenant that was not judged"),
    Told("ending-waiver", "it will soon be over"),
))

TABLES: Final = (SNAPSHOTS, IMPORTS, CALLERS, PROFILES, ATTESTATIONS, WAIVERS)
