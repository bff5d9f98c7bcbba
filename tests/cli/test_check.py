"""What `check` reads, selects and sets."""

from __future__ import annotations

import json

import pytest
from small import TENANT, manifest

OTHER = "99999999-2222-4333-8444-555555555555"


def report(ran):
    """Return the JSON report that a process wrote to standard output."""
    return json.loads(ran.out)


def verdicts(ran):
    """Return each policy's verdict on the first tenant."""
    return {f["policy"]: f["verdict"] for f in report(ran)["tenants"][0]["findings"]}


@pytest.mark.parametrize("snapshot", ["good", "good/", "good.zip", "good.json", "-"])
def test_forms_of_a_snapshot(snapshot, small):
    """A folder, an archive, one file and standard input give the same verdicts."""
    stdin = small.path("good.json").read_bytes() if snapshot == "-" else b""
    ran = small.check(snapshot, "--output", "json", stdin=stdin)
    assert (ran.code, verdicts(ran)) == (0, {"SD-001": "pass", "USR-001": "pass"}), ran.err


def test_an_unreadable_snapshot_stands_in_the_report(small):
    """An unreadable snapshot is told on stderr and in the report; the others are judged."""
    ran = small.check("broken.json", "good.json", "--output", "json")
    message = "the file ends in the middle of a JSON value"
    assert report(ran)["unreadable"] == [{"snapshot": "broken.json", "message": message}]
    assert [t["snapshot"]["name"] for t in report(ran)["tenants"]] == ["good.json"]
    assert ran.err.startswith(f"broken.json:1:2: error[truncated]: {message}\n")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["SD-001", "USR-001"]),
        (["--select", "*"], ["MAN-001", "SD-001", "USR-001"]),
        (["--select", "MAN-001"], ["MAN-001"]),
        (["--ignore", "USR-*"], ["SD-001"]),
        (["--select", "SD-*", "--select", "MAN-*"], ["MAN-001", "SD-001"]),
    ],
)
def test_selection(options, expected, small):
    """Stable policies are judged unless ids are selected or ignored."""
    assert sorted(verdicts(small.check("good.json", "--output", "json", *options))) == expected


def test_parameters_and_where_they_came_from(small):
    """The pack's default yields to the tenant's declaration, and that to the caller."""
    declared = f"format: 1\ntenants:\n  {TENANT.upper()}: {{ allowed_guests: [x] }}\n"
    small.path("declarations.yaml").write_text(declared)
    ran = small.check(
        "good.json", "--output", "json", "--declarations", "declarations.yaml",
        "--param", "review_day=2026-01-02", "--param", "USR-001.grace=3",
    )
    assert report(ran)["tenants"][0]["parameters"] == {
        "USR-001.grace": {"value": 3, "origin": "command line"},
        "allowed_guests": {"value": ["x"], "origin": "declarations"},
        "review_day": {"value": "2026-01-02", "origin": "command line"},
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a, b", ["a", "b"]), ("", []), ('["a,b"]', ["a,b"])],
)
def test_lists_on_the_command_line(value, expected, small):
    """A list is separated by commas, or written as JSON."""
    ran = small.check("good.json", "--output", "json", "--param", f"allowed_guests={value}")
    assert report(ran)["parameters"]["allowed_guests"]["value"] == expected


def test_declarations_are_never_taken_silently(small):
    """A `declarations.yaml` in the snapshot's folder is not heard unless it is named."""
    declared = f"format: 1\ntenants: {{ {TENANT}: {{ allowed_guests: [x] }} }}\n"
    small.path("good/declarations.yaml").write_text(declared)
    ran = small.check("good", "--output", "json")
    assert report(ran)["parameters"]["allowed_guests"] == {"value": [], "origin": "pack"}


def test_what_another_tenant_declares_is_its_own(small):
    """Declarations are heard for the tenant that they name and for no other."""
    declared = f"format: 1\ntenants: {{ {OTHER}: {{ allowed_guests: [x] }} }}\n"
    small.path("d.yaml").write_text(declared)
    ran = small.check("good.json", "--output", "json", "--declarations", "d.yaml")
    assert report(ran)["parameters"]["allowed_guests"]["value"] == []


WRONG = {
    "--param allowed_guest=a": "did you mean `allowed_guests`?",
    "--param allowed_guests": "`--param allowed_guests` has no value",
    "--param grace=1": "did you mean `USR-001.grace`?",
    "--param SD-001.allowed_guests=a": "it is shared by the pack",
    "--param USR-001.grace=many": "`grace` is a number",
    "--param USR-001.grace=NaN": "`grace` is a number",
    "--param review_day=yesterday": "`review_day` is a date or an instant",
    "--param allowed_guests=[1]": "`allowed_guests` is a list of texts",
    "--param USR-001.grace=1 --select SD-*": "`USR-001` is not judged",
    "--param USR-001.grace=1 --param USR-001.grace=2": "is given twice",
    "--as-of yesterday": "`--as-of yesterday` is not an instant",
    "--max-age long": "`--max-age long` is not a duration",
    "--output jsn": "did you mean `json`?",
    "--output json=": "names no file",
    "--output json --output text": "two outputs go to standard output",
    "--output json=r --output text=r": "two outputs go to `r`",
    "--nonsense": "there is no option `--nonsense`",
    "--slect SD-*": "did you mean `--select`?",
    "--fail-on hihg": "`hihg` is not one of",
    "--pack nowhere": "`nowhere` is not a pack",
    "--pack pack": "is a policy of `pack/man/MAN-001-holds.yaml` and of",
}


@pytest.mark.parametrize("options", WRONG)
def test_usage_errors(options, small):
    """What the caller got wrong exits 2, is told in our words, and nothing goes to stdout."""
    ran = small.check("good.json", *options.split())
    assert (ran.code, ran.out, WRONG[options] in ran.err) == (2, "", True), ran.err


def test_standard_input_is_read_once(small):
    """`-` may be named once only."""
    ran = small.check("-", "-", stdin=b"{}")
    assert (ran.code, "read once only" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("declared", "code", "word"),
    [
        ("format: 1\ntenants: { t: { allowed_guest: [] } }\n", 2, "did you mean `allowed_guests`?"),
        ("format: 1\ntenants: { t: { allowed_guests: a } }\n", 2, "is a list of texts"),
        ("format: 1\ntenants: { t: {}, T: {} }\n", 2, "stands here twice"),
        ("format: 1\ntenant: {}\n", 2, "did you mean `tenants`?"),
        ("format: [\n", 2, "d.yaml:"),
        (None, 3, "`d.yaml` cannot be read"),
    ],
)
def test_wrong_declarations(declared, code, word, small):
    """A wrong file of declarations stops the run with its place."""
    if declared is not None:
        small.path("d.yaml").write_text(declared)
    ran = small.check("good.json", "--declarations", "d.yaml")
    assert (ran.code, ran.out, word in ran.err) == (code, "", True), ran.err


def test_a_stale_snapshot_leaves_everything_unknown(small):
    """A snapshot older than `--max-age` is judged by no policy, and the age is told."""
    ran = small.check("good.json", "--max-age", "1 day", "--as-of", "2026-11-22T12:00:00Z")
    assert ran.code == 5
    assert "2 days old - too old to be judged" in ran.out
    assert "This cannot be told: the snapshot is 2 days old." in ran.out


def test_a_fresh_snapshot_is_judged(small):
    """A snapshot just as old as `--max-age` is judged."""
    ran = small.check("good.json", "--max-age", "P2D", "--as-of", "2026-11-22T06:00:00Z")
    assert ran.code == 0


def test_warnings_go_to_standard_error(small):
    """What is doubtful in a snapshot is told on stderr, and the report stays clean."""
    small.path("good/extra.json").write_text("[]")
    ran = small.check("good", "--output", "json")
    assert "warning[unlisted-file]: `extra.json` is not listed" in ran.err
    assert verdicts(ran) == {"SD-001": "pass", "USR-001": "pass"}


def test_two_packs_in_one_run(small):
    """Policies of two packs are judged together; both stand in the report."""
    text = small.path("pack/sd/SD-001-holds.yaml").read_text()
    for name in ("pack.yaml", "requirements.yaml", "sd/SD-002-holds.yaml"):
        target = small.path("second") / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = small.path("pack") / name
        target.write_text(
            source.read_text().replace("id: small", "id: second") if source.exists()
            else text.replace("SD-001", "SD-002")
        )
    ran = small.check("good.json", "--pack", "second", "--output", "json")
    assert [p["id"] for p in report(ran)["packs"]] == ["small", "second"]
    assert verdicts(ran) == {"SD-001": "pass", "SD-002": "pass", "USR-001": "pass"}


def test_the_report_fits_its_schema(small, shapes):
    """The JSON report of passes, failures, unknowns and questions satisfies its schema."""
    jsonschema = pytest.importorskip("jsonschema")
    from tenantproof import bundled

    schema = json.loads((bundled.schemas() / "report.schema.json").read_text())
    ran = small.check(
        "bad.json", "guest.json", "partial.json", "broken.json", "--output", "json",
        "--select", "*",
    )
    found = jsonschema.Draft202012Validator(schema).iter_errors(report(ran))
    assert [error.message for error in found] == []


def test_same_inputs_same_bytes(small):
    """Time zone, hash seed and locale change nothing."""
    worlds = [
        {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/Lima", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"},
    ]
    for form in ("text", "json"):
        ran = [small.check("guest.json", "--output", form, env=world).out for world in worlds]
        assert ran[0] == ran[1]


def test_a_name_that_is_not_utf8(small):
    """A snapshot named in bytes that are no text is reported all the same."""
    name = b"\xff.json".decode("utf-8", "surrogateescape")
    try:
        small.path(name).write_text(json.dumps(manifest()))
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names only")
    for form in ("text", "json"):
        assert small.check(name, "--output", form).code == 0
