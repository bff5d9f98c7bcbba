"""A team's copy with edits of its own takes a release that changes thirty policies."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from conftest import PACK, SAMPLE, begun, change, policy_file, released, run, with_line_after

UPDATE = ("pack", "update", "--from", "upstream/partner-center")
OURS = "policies/contoso"
SEVERITIES = {"APP-001": "critical", "LOG-002": "high", "GDAP-012": "high", "SCO-002": "critical"}
PARAMETERS = {"unused_after": ("default: 90 days", "default: 45 days"),
              "sign_in_window": ("default: 7 days", "default: 14 days")}
COMMENTS = {
    "MFA-001": (r"^check:", "  # Decided by the board on 2026-03-01."),
    "MFA-004": (r"^tests:", "  # Our own tenant is the third case."),
    "MFA-015": (r"^check:", "  # A working day."),
    "GDAP-003": (r"^remediation:", "  # Ask the account manager first."),
    "DAP-001": (r"^  cases:", "    # TICKET-12"),
    "GDAP-005": (r"^  that:", "    # A year is enough for us."),
    "LEG-001": (r"^requirements:", "# REVIEWED 2026-05-05"),
    "SAM-003": (r"^statement:", "  # not before the change freeze"),
}
REWRITTEN = ("SCO-001", "SCO-003")
OWN = ("CONTOSO-001", "CONTOSO-002", "CONTOSO-003")
NEW_CHECK = """\
check:
  that:
    security defaults are on: { path: securityDefaults.isEnabled, equals: true }
report:
  evidence: { Security defaults: securityDefaults.isEnabled }
  pass: Security defaults are on.
  fail: Security defaults are off.
"""
NEW_TESTS = """\
tests:
  tenant: { collections: { securityDefaults: { data: { id: sd, isEnabled: true } } } }
  cases:
    - { it: passes, verdict: pass }
    - it: fails when they are off
      set: { /securityDefaults/isEnabled: false }
      verdict: fail
      missing: [security defaults are on]
    - it: cannot tell without them
      unset: [/securityDefaults]
      verdict: unknown
"""
CHANGED = ("GDAP-005", "MFA-001", "MFA-004", "SCO-001", "APP-001")


def rewrite(file):
    """Put another check and other cases in the place of a policy's own."""
    text = file.read_text()
    text = re.sub(r"^check:\n(?:[ ].*\n)*(?:report:\n(?:[ ].*\n)*)", lambda _: NEW_CHECK, text,
                  flags=re.MULTILINE)
    text = re.sub(r"^(?:parameters|let|second_opinion):\n(?:[ ].*\n)*", "", text,
                  flags=re.MULTILINE)
    file.write_text(re.sub(r"^tests:\n(?:[ #].*\n)*", lambda _: NEW_TESTS, text,
                           flags=re.MULTILINE))


def own_policy(pack, name):
    """Write a policy of the team's own."""
    text = policy_file(PACK, "SCO-001").read_text()
    folder = pack / "contoso"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-defaults-are-on.yaml"
    file.write_text(text.replace("id: SCO-001", f"id: {name}").replace("../../../", ""))
    rewrite(file)


def twenty_edits(team):
    """What the team has made of its copy."""
    pack = team / OURS
    for name in PARAMETERS:
        old, new = PARAMETERS[name]
        text = (pack / "pack.yaml").read_text()
        at = text.index(f"  {name}:")
        (pack / "pack.yaml").write_text(text[:at] + text[at:].replace(old, new, 1))
    change(policy_file(pack, "GDAP-003"), ("default: 7 days", "default: 5 days"))
    change(policy_file(pack, "MFA-015"), ("default: 24,", "default: 12,"))
    for name, severity in SEVERITIES.items():
        file = policy_file(pack, name)
        file.write_text(re.sub(r"^severity: \w+", f"severity: {severity}", file.read_text(),
                               flags=re.MULTILINE))
    for name in REWRITTEN:
        rewrite(policy_file(pack, name))
    for name in OWN:
        own_policy(pack, name)
    for name, (pattern, line) in COMMENTS.items():
        with_line_after(policy_file(pack, name), pattern, line)


def thirty_changes(release):
    """What upstream has made of thirty policies; three of them change a verdict of the sample."""
    names = sorted({file.name.partition("-")[0] + "-" + file.name.split("-")[1]
                    for file in release.rglob("*-0*.yaml")} - {"P2-001", *REWRITTEN})
    changed = [*CHANGED, *(n for n in names if n not in CHANGED)][:30]
    for name in changed:
        file = policy_file(release, name)
        text = file.read_text()
        revision = int(re.search(r"^revision: (\d+)", text, re.MULTILINE)[1])
        text = text.replace(f"revision: {revision}\n", f"revision: {revision + 1}\n", 1)
        text = re.sub(r"^rationale: >-\n", "rationale: >-\n  Said anew in 0.2.0.\n", text,
                      flags=re.MULTILINE)
        file.write_text(re.sub(r"^rationale: (?!>)", "rationale: Said anew. ", text,
                               flags=re.MULTILINE))
    change(policy_file(release, "GDAP-005"), ("default: 731, at_least: 1, at_most: 731, desc",
                                              "default: 300, at_least: 1, at_most: 731, desc"))
    policy_file(release, "P2-001").unlink()
    new = release / "sd" / "SD-009-defaults-are-on.yaml"
    new.write_text(policy_file(release, "SCO-001").read_text().replace("id: SCO-001",
                                                                       "id: SD-009"))
    rewrite(new)
    return changed


@pytest.fixture(scope="module")
def updated(tmp_path_factory):
    """The team's folder after the update, with what was there before and what the update said."""
    team, release = begun(tmp_path_factory.mktemp("team")), released(
        tmp_path_factory.mktemp("release"))
    twenty_edits(team)
    changed = thirty_changes(release)
    shutil.copytree(team / OURS, team / "before")
    verdicts = findings(team)
    ran = run(team, *UPDATE, "--to", str(release), "--snapshot", str(SAMPLE), "--output", "json",
              "--output", "text=update.txt")
    assert 0 == ran.code, ran.err + ran.out
    return team, changed, verdicts, json.loads(ran.out), release


def findings(team):
    """Each policy's verdict and failing subjects on the sample, by a full run."""
    ran = run(team, "check", str(SAMPLE), "--output", "json")
    [tenant] = json.loads(ran.out)["tenants"]
    return {f["policy"]: (f["verdict"], frozenset(s["id"] for s in f["subjects"]
                                                  if s["verdict"] == "fail"))
            for f in tenant["findings"]}


def test_twenty_edits_and_thirty_changes_need_no_hand(updated):
    """Both sides stand in the merged pack, comments too; it lints, and its cases pass."""
    team, changed, _, told, _ = updated
    pack = team / OURS
    for name, (_, line) in COMMENTS.items():
        assert f"\n{line}\n" in policy_file(pack, name).read_text(), name
    for name, severity in SEVERITIES.items():
        assert f"\nseverity: {severity}\n" in policy_file(pack, name).read_text(), name
    for _, new in PARAMETERS.values():
        assert new in (pack / "pack.yaml").read_text()
    for name in changed:
        assert re.search(r"Said anew", policy_file(pack, name).read_text()), name
    for name in REWRITTEN:
        assert NEW_CHECK in policy_file(pack, name).read_text()
    assert all((pack / "contoso" / f"{name}-defaults-are-on.yaml").exists() for name in OWN)
    assert "default: 300" in policy_file(pack, "GDAP-005").read_text()
    assert (pack / "sd" / "SD-009-defaults-are-on.yaml").exists()
    assert not list(pack.rglob("P2-001-*"))
    assert {"added": 1, "removed": 1} == {
        kind: sum(1 for one in told["files"] if one["kind"] == kind) for kind in
        ("added", "removed")}
    assert 0 == run(team, "lint").code
    tested = run(team, "test", "--select", "MFA-0*", "--select", "CONTOSO-*", "--select", "SCO-*",
                 "--select", "SD-*")
    assert 0 == tested.code, tested.out


def test_lines_that_nobody_changed_stay_byte_for_byte(updated):
    """Of each file only the lines of upstream's changes are others."""
    team, changed, *_ = updated
    for name in changed:
        before = policy_file(team / "before", name).read_text().splitlines()
        after = policy_file(team / OURS, name).read_text().splitlines()
        lost = [line for line in before if line not in after]
        assert len(lost) <= 6, (name, lost)


def test_the_verdict_diff_is_that_of_two_full_runs(updated):
    """What the update says of findings is what `check` says before and after."""
    team, _, before, told, _ = updated
    after = findings(team)
    differ = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert differ == {one["policy"] for one in told["findings"]}
    assert {"GDAP-005", "P2-001", "SD-009"} == differ
    for one in told["findings"]:
        assert (before.get(one["policy"], (None,))[0], after.get(one["policy"], (None,))[0]) == (
            one["before"], one["after"])


def test_the_verdict_diff_names_the_change_that_made_it(updated):
    """GDAP-005 fails by its parameter, not by its new rationale."""
    team, _, _, told, _ = updated
    causes = {one["policy"]: one["causes"] for one in told["findings"]}
    assert ["gdap/GDAP-005-relationships-are-short.yaml: parameters.maximum_days.default"] == [
        cause.replace(policy_file(PACK, "GDAP-005").name, "GDAP-005-relationships-are-short.yaml")
        for cause in causes["GDAP-005"]]
    assert ["sd/SD-009-defaults-are-on.yaml: the whole file"] == causes["SD-009"]
    text = (team / "update.txt").read_text()
    assert "GDAP-005 in Tailwind Traders IT: pass -> fail" in text
    assert "parameters.maximum_days.default" in text


def test_the_lock_knows_the_release_that_was_taken(updated):
    """The next update begins with it; another one is refused."""
    team, *_, release = updated
    lock = json.loads((team / OURS / "pack.lock").read_text())
    assert ("partner-center", "0.2.0") == (lock["upstream"]["id"], lock["upstream"]["version"])
    assert 0 == run(team, "pack", "verify").code
    ran = run(team, *UPDATE, "--to", str(release))
    assert (2, True) == (ran.code, "was made from partner-center 0.2.0" in ran.err)


# --- what both sides changed --------------------------------------------------------------------


@pytest.fixture
def clashing(team, release):
    """A team and a release that both changed the same two fields, and more besides."""
    ours, theirs = (policy_file(p, "GDAP-005") for p in (team / OURS, release))
    change(ours, ("default: 731, at_least: 1, at_most: 731, desc",
                  "default: 365, at_least: 1, at_most: 731, desc"), ("severity: medium",
                                                                    "severity: high"))
    change(theirs, ("default: 731, at_least: 1, at_most: 731, desc",
                    "default: 300, at_least: 1, at_most: 731, desc"),
           ("effort: medium", "effort: low"), ("severity: medium", "severity: low"))
    return team, release


def test_what_both_changed_is_asked_and_nothing_is_written(clashing):
    """Exit code 1, the two fields in a file to be filled in, the copy as it was."""
    team, release = clashing
    before = policy_file(team / OURS, "GDAP-005").read_text()
    ran = run(team, *UPDATE, "--to", str(release))
    assert (1, before) == (ran.code, policy_file(team / OURS, "GDAP-005").read_text())
    written = (team / "pack-update.yaml").read_text()
    for words in ("field: parameters.maximum_days.default", "old: 731", "ours: 365", "new: 300",
                  "field: severity", "take: null  # ours or new"):
        assert words in written
    assert 2 == written.count("field:")
    assert "severity" in ran.out


@pytest.mark.parametrize(("limit", "severity", "left"), [
    ("ours", "new", ("default: 365", "severity: low")),
    ("new", "ours", ("default: 300", "severity: high")),
])
def test_what_was_decided_is_done(clashing, limit, severity, left):
    """Field by field; what did not clash is merged as ever."""
    team, release = clashing
    run(team, *UPDATE, "--to", str(release))
    file = team / "pack-update.yaml"
    text = file.read_text()
    first, second = (limit, severity) if text.index("maximum_days") < text.index(
        "field: severity") else (severity, limit)
    file.write_text(text.replace("take: null", f"take: {first}", 1).replace(
        "take: null", f"take: {second}", 1))
    ran = run(team, *UPDATE, "--to", str(release), "--decisions", "pack-update.yaml")
    merged = policy_file(team / OURS, "GDAP-005").read_text()
    assert (0, True, True) == (ran.code, all(one in merged for one in left),
                               "effort: low" in merged), ran.err


def test_half_a_decision_is_asked_again(clashing):
    """What is still open is named; the file that was filled in is not overwritten."""
    team, release = clashing
    run(team, *UPDATE, "--to", str(release))
    file = team / "pack-update.yaml"
    file.write_text(file.read_text().replace("take: null", "take: ours", 1))
    before = file.read_text()
    ran = run(team, *UPDATE, "--to", str(release), "--decisions", "pack-update.yaml")
    assert (2, before) == (ran.code, file.read_text())
    assert "1 field to be decided" in ran.out


def test_a_policy_changed_here_and_removed_there_has_to_be_decided(team, release):
    """And the other way round."""
    change(policy_file(team / OURS, "GDAP-005"), ("severity: medium", "severity: high"))
    policy_file(release, "GDAP-005").unlink()
    policy_file(team / OURS, "GDAP-012").unlink()
    text = policy_file(release, "GDAP-012").read_text()
    policy_file(release, "GDAP-012").write_text(text.replace("severity: ", "severity:  "))
    ran = run(team, *UPDATE, "--to", str(release), "--dry-run")
    assert (1, 1, False) == (ran.code, ran.out.count("the whole file"),
                             (team / "pack-update.yaml").exists())
    change(policy_file(release, "GDAP-012"), ("severity:  ", "severity: critical # "))
    ran = run(team, *UPDATE, "--to", str(release), "--dry-run")
    assert 2 == ran.out.count("the whole file")


def test_both_raise_the_revision(team, release):
    """What comes of the merge is a third text, so its revision is higher than either."""
    for pack, old, new in ((team / OURS, "severity: medium", "severity: high"),
                           (release, "effort: medium", "effort: low")):
        change(policy_file(pack, "GDAP-005"), ("revision: 2", "revision: 3"), (old, new))
    ran = run(team, *UPDATE, "--to", str(release))
    assert (0, True) == (ran.code,
                         "\nrevision: 4\n" in policy_file(team / OURS, "GDAP-005").read_text())


# --- what is refused ----------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(team, release):
    """It shows everything."""
    change(policy_file(release, "GDAP-005"), ("effort: medium", "effort: low"))
    before = {f: f.read_bytes() for f in team.rglob("*") if f.is_file() and ".cache" not in f.parts}
    ran = run(team, *UPDATE, "--to", str(release), "--dry-run")
    after = {f: f.read_bytes() for f in team.rglob("*") if f.is_file() and ".cache" not in f.parts}
    assert (0, True, True) == (ran.code, before == after, "remediation.effort" in ran.out)


def test_a_merge_that_would_not_lint_is_refused_and_nothing_is_written(team, release):
    """Upstream removed a parameter that a policy of ours uses."""
    file = policy_file(team / OURS, "SCO-001")
    rewrite(file)
    change(file, ("equals: true }", "equals: $later }"))
    change(team / OURS / "pack.yaml", ("parameters:\n", "parameters:\n  later: { type: boolean, "
                                       "title: Later, default: true }\n"))
    before = file.read_bytes()
    assert 0 == run(team, "lint").code
    change(release / "pack.yaml", ("title: Security", "title: Now: Security"))
    ran = run(team, *UPDATE, "--to", str(release))
    assert (2, before) == (ran.code, file.read_bytes())


@pytest.mark.parametrize(("words", "says"), [
    (("--from", "upstream/partner-center", "--to", "cisa-scuba-entra"), "are two packs"),
    (("--from", "nowhere", "--to", "partner-center"), "is not a pack"),
    (("--from", "upstream/partner-center"), "--to"),
])
def test_what_cannot_be_merged_is_refused(team, words, says):
    """Exit code 2, and why."""
    ran = run(team, "pack", "update", *words)
    assert (2, True) == (ran.code, says in ran.err), ran.err


def test_a_base_that_somebody_changed_is_refused(team, release):
    """A change in it would look like one that upstream took back."""
    change(policy_file(team / "upstream", "GDAP-005"), ("severity: medium", "severity: high"))
    ran = run(team, *UPDATE, "--to", str(release))
    assert (2, True) == (ran.code, "somebody has changed it" in ran.err)


# --- diff and verify ----------------------------------------------------------------------------


def test_the_diff_shows_field_by_field_what_is_ours(team):
    """Text and JSON; what is only formatting is no difference."""
    change(policy_file(team / OURS, "GDAP-005"), ("severity: medium", "severity:   high  # ours"))
    policy_file(team / OURS, "GDAP-012").unlink()
    ran = run(team, "pack", "diff", "upstream/partner-center", "--output", "json")
    rows = {(one["file"].split("/")[-1][:8], one["field"]): (one["upstream"], one["here"])
            for one in json.loads(ran.out)}
    assert {"value": "medium"}, {"value": "high"} == rows[("GDAP-005", "severity")]
    assert rows[("GDAP-012", None)][1] is None
    assert {("pack.yam", "id"), ("GDAP-005", "severity"), ("GDAP-012", None)} == set(rows)
    told = run(team, "pack", "diff", "upstream/partner-center").out
    assert "3 fields in 3 files differ." in told


def test_verify_tells_every_file_that_is_not_as_it_was(team):
    """Changed, missing, new; and nothing once the lock is written anew."""
    assert 0 == run(team, "pack", "verify").code
    change(policy_file(team / OURS, "GDAP-005"), ("severity: medium", "severity: high"))
    policy_file(team / OURS, "GDAP-012").unlink()
    shutil.copy(policy_file(PACK, "SCO-001"), team / OURS / "profiles" / "x.yaml")
    ran = run(team, "pack", "verify")
    assert (1, ["changed", "missing", "not in the lock"]) == (
        ran.code, sorted(line.partition(": ")[2] for line in ran.out.splitlines()[:3]))
    (team / OURS / "profiles" / "x.yaml").unlink()
    assert (0, 0) == (run(team, "pack", "verify", "--write").code, run(team, "pack",
                                                                      "verify").code)


def test_a_report_leads_to_the_text(team):
    """The digest in a report is that of the lock."""
    lock = json.loads((team / OURS / "pack.lock").read_text())
    report = json.loads(run(team, "check", str(SAMPLE), "--output", "json").out)
    assert [lock["pack"]] == report["packs"]


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2}', ""])
def test_a_damaged_lock_is_told(team, text):
    """Exit code 2, with the file."""
    (team / OURS / "pack.lock").write_text(text)
    ran = run(team, "pack", "verify")
    assert (2, True) == (ran.code, "pack.lock" in ran.err)


@pytest.mark.parametrize("name", ["partner-center", "cisa-scuba-entra"])
def test_the_bundled_packs_are_locked(name):
    """`tenantproof pack verify --write --pack policies/...` writes the lock anew."""
    assert 0 == run(PACK.parent, "pack", "verify", "--pack", name).code
