"""`check` on what another tool exported, without an import before it."""

from __future__ import annotations

import json

V1 = "https://graph.microsoft.com/v1.0/$metadata#"


def response(context, *records):
    """A saved answer of Microsoft Graph."""
    return {"@odata.context": f"{V1}{context}", "value": list(records)}


def saved(small):
    """A folder of saved answers; returns its name."""
    folder = small.path("answers")
    folder.mkdir()
    tenant = {"id": "11111111-2222-4333-8444-555555555555", "displayName": "Contoso"}
    (folder / "organization.json").write_text(json.dumps(response("organization", tenant)))
    (folder / "users.json").write_text(json.dumps(response("users", {
        "id": "u1", "displayName": "Ada", "userType": "Guest", "accountEnabled": True})))
    return "answers"


def test_saved_answers_are_judged_as_if_they_had_been_imported(small):
    """The verdicts are those of the import, and a note says how the source was read."""
    source = saved(small)
    direct = small.check(source, "--output", "json")
    small.run("import", "graph", source, "--to", "made", "--exported-at", "files")
    there = small.check("made", "--output", "json")
    assert "note: `answers` was read as by `tenantproof import graph" in direct.err
    findings = [json.loads(ran.out)["tenants"][0]["findings"] for ran in (direct, there)]
    verdicts = [[(one["policy"], one["verdict"]) for one in those] for those in findings]
    assert verdicts[0] == verdicts[1]
    assert {"fail", "unknown"} & {verdict for _, verdict in verdicts[0]}


def test_a_source_that_cannot_be_imported_stops_no_other(small):
    """Without the tenant's id it cannot be judged; the run ends with 3, the rest is reported."""
    source = saved(small)
    small.path("answers/organization.json").unlink()
    ran = small.check(source, "good.json")
    assert 3 == ran.code
    assert "Contoso" in ran.out
    assert ("answers: error[no-snapshot]: this cannot be read directly: nothing tells whose "
            "responses these are") in ran.err
