"""The sentences of ``docs/exporting.md`` that no schema holds."""

from __future__ import annotations

from typing import Final

INTRODUCTION: Final = """\
# How to export a tenant

<!-- Made by `python -m tenantproof.authoring.exporting` from the collection schemas. -->

tenantproof judges a *snapshot*: files that you export, at one time, from one tenant. It never
signs in anywhere. This page says how to export everything that policies can read; export less, and
the policies that read the rest answer *unknown* and name what is missing. Nothing that is missing
is ever taken for empty.

The short way: save the responses of the services as files, in an empty folder, with the commands
below; then make the snapshot and look at it.

```bash
tenantproof import graph export --to contoso --kind partner --exported-at files
tenantproof check contoso
```

Five rules keep an export honest:

1. **Follow `@odata.nextLink` to the end.** The first page of eighty looks like a whole answer. The
   functions below follow it, and a link that is left over makes the collection incomplete.
2. **Save the response, not a copy of it.** `-OutputType Json` and `az rest` give the service's own
   text. Where a cmdlet's objects have to be converted, write `ConvertTo-Json -Depth 20`: at its
   default depth of 2 PowerShell turns lists into text without a word.
3. **UTF-8.** Write `Out-File -Encoding utf8`. A byte-order mark and PowerShell's UTF-16 are read
   too.
4. **Ask for everything.** No `$filter` and no `$top` but those below: an answer does not tell what
   it leaves out.
5. **One tenant, one time, one empty folder.** Pages of an older export beside newer ones are not
   believed.
"""

PERMISSIONS: Final = """\
Every permission only reads. An app needs them as application permissions; for a person who signs
in they are delegated, and the person's role has to allow the same. All that Microsoft Graph is
asked for on this page needs no more than:
"""

SNAPSHOT: Final = """\
## What a snapshot is

A folder (or a `.zip` of one) with one file for each collection and a manifest, `tenant.json`.
`tenantproof import` writes all of it. This is a whole manifest:

```json
{
  "format": 1,
  "tenant": {
    "id": "3f1c2a10-5b1e-4a77-9c2b-0a6d5e4f3b21",
    "displayName": "Contoso",
    "kind": "partner",
    "partnerType": "direct-bill",
    "cloud": "global"
  },
  "exportedAt": "2026-11-20T06:00:00Z",
  "exporter": { "name": "our nightly job", "version": "3" },
  "collections": {
    "users": {
      "file": ["users-1.json", "users-2.json"],
      "complete": true,
      "select": ["id", "displayName", "userPrincipalName", "accountEnabled"]
    },
    "securityDefaults": { "file": "securityDefaults.json", "complete": true },
    "signIns": {
      "file": "signIns.ndjson.gz",
      "complete": true,
      "from": "2026-10-21T00:00:00Z",
      "to": "2026-11-20T00:00:00Z"
    },
    "riskyUsers": { "complete": false, "reason": "denied" }
  }
}
```

| key | meaning |
| --- | --- |
| `tenant.kind` | `partner` or `customer`; policies may ask for it |
| `tenant.partnerType` | `direct-bill`, `indirect-provider`, `indirect-reseller`, `advisor` \
or `cpv` |
| `exportedAt` | when the export was made, RFC 3339 with a time zone; dates are judged from here |
| `file` | a file, or its pages in order: a response with `value`, an array, or NDJSON (`.gz` too) |
| `complete` | whether all of it is there. Left out, it counts as not complete |
| `reason` | why not: `not_exported`, `denied`, `truncated`, or a clause in your own words |
| `select` | the properties that were asked for: one of them that is \
absent is null, any other absent property was not exported |
| `from`, `to` | the dates that a log spans |

What the files show outranks what the manifest says: an error body, a blank file, `null` or a link
to a further page make a collection incomplete whatever `complete` is.

A long log is best exported as NDJSON, one event a line, `.gz` or not: in a snapshot's folder it is
read piece by piece, so its length costs time but no memory. Arrays, responses with `value` and
files in an archive are read whole.
"""

FUNCTIONS: Final = """\
## The two functions

The commands below call a function that follows pages. Define it once, in an empty folder. In
PowerShell a refusal of the service is saved as it is, so that the report can say *denied*; the
Azure CLI prints it and leaves a blank file, which reads as *not exported*.

```powershell
$From = (Get-Date).ToUniversalTime().AddDays(-30).ToString('yyyy-MM-ddTHH:mm:ssZ')

function Export-Graph([string]$Uri, [string]$File) {
    $Page = 1
    while ($Uri) {
        $Name = if ($Page -eq 1) { "$File.json" } else { "$File-$Page.json" }
        $Folder = Split-Path $Name
        if ($Folder) { New-Item -ItemType Directory -Force $Folder | Out-Null }
        $Answer = Invoke-MgGraphRequest -Method GET -Uri $Uri -OutputType Json -SkipHttpErrorCheck
        $Answer | Out-File -Encoding utf8 $Name
        $Uri = ($Answer | ConvertFrom-Json).'@odata.nextLink'
        $Page++
    }
}

function Get-Saved([string]$File) {
    Get-Item "$File.json", "$File-*.json" -ErrorAction SilentlyContinue |
        ForEach-Object { (Get-Content -Raw -Encoding utf8 $_ | ConvertFrom-Json).value }
}
```

With the Azure CLI and `jq`:

```bash
from=$(date -u -d '30 days ago' +%Y-%m-%dT%H:%M:%SZ)

export_graph() {
    local uri="https://graph.microsoft.com$1" file="$2" page=1 name
    mkdir -p "$(dirname "$file")"
    while [ -n "$uri" ]; do
        name="$file.json"
        [ "$page" -eq 1 ] || name="$file-$page.json"
        az rest --method get --url "$uri" --output json > "$name" < /dev/null || return
        uri=$(jq -r '."@odata.nextLink" // empty' "$name")
        page=$((page + 1))
    done
}

saved() {
    local name
    for name in "$1.json" "$1"-*.json; do
        [ ! -f "$name" ] || jq -r "$2" "$name"
    done
}
```

For Partner Center get a token of an app *and* a user who has passed MFA:
`$PartnerCenter = @{ Authorization = "Bearer $Token" }`, in the shell `partner_center=$token`.
Exchange Online needs `Connect-ExchangeOnline` first.
"""

ORDER: Final = """\
Requests for each group, user, domain or relationship read the ids from files that were saved
before: export `groups`, `users`, `domains`, `servicePrincipals` and `delegatedAdminRelationships`
first. The file's name is the address of the request; that is how `import graph` recognises it.
"""

ONE_BY_ONE: Final = """\
One request for each {whose}. Put the answers together as one list in `{name}.json`,
`{{ "value": [ ... ] }}`. Nothing in it says whether every {whose} was asked about: where you know
that, change `{name}` in `tenant.json` to `"complete": true`.
"""

BY_HAND: Final = """\
There is no request for this: {source}. Write the rows into `{name}.json` as
`{{ "value": [ ... ] }}` with these properties: {properties}.
"""

RECOGNITION: Final = """\
## What `import graph` recognises

SOURCE is a folder of responses, or one of them, saved by whatever tool. A response is recognised
by its own `@odata.context`, or by its file's path: the address of the request
(`identity/conditionalAccess/policies.json`), flattened (`identity_conditionalAccess_policies.json`)
or with the version before it (`v1.0/...`, `beta/...`), or the collection's name
(`conditionalAccessPolicies.json`). Pages end in a number: `users-1.json`, `users_page2.json`,
`users.3.json`. Where context and path differ, the file is not taken in; each such file is told.
Folders whose name begins with a dot are not looked into.

| what the files show | what the snapshot says |
| --- | --- |
| pages that end, without a gap | complete |
| a link on the last page, a gap in the numbers, a linked list inside a record | `truncated` |
| an error body | `denied`, or `not_exported` where the error is another one |
| a blank file, `null` | `not_exported` |
| a list without the envelope around it | not complete: it does not say whether more follows |
| answers to several requests for one collection: different selections, folders or \
ends | not taken in |
| members of some groups only; access assignments, federation settings, application roles or \
per-user MFA of some objects only | not complete; what is there is used |
| sign-ins of which none is non-interactive | not complete: the service leaves them out \
unless asked |

- Whose tenant it is: `--tenant-id`, else the `organization` that was exported. The two must not
  differ.
- When: `--exported-at` with an instant; or `--exported-at files` for the time at which the oldest
  of the files was written. A copy may have changed that time: say the instant where you know it.
- The answers to a `$batch` request are taken in one by one, each as if it were a file that is
  named after its `id`: give ids such as `users` where answers have no `@odata.context`.
- A file `index.json` may say which request each file answers, whatever its name:
  `{ "1.json": "https://graph.microsoft.com/v1.0/users" }`, or a list of
  `{ "file": ..., "url": ... }`.
- A narrower request cannot be told from its answer: what was asked with a `$filter` looks whole.
- Nothing is written unless everything can be read, and never into a folder that is in use."""
