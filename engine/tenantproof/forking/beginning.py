"""The files with which a team begins: a profile and policies over a pack, or a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct


class Team(Struct, frozen=True):
    """What a team's files are written for: its id, and the pack that it builds on."""

    id: str
    upstream: str

    @property
    def family(self) -> str:
        """The family of the team's own policies, the part of their ids before the number."""
        return self.id.replace("-", "").upper()

    @property
    def folder(self) -> str:
        """The folder of the team's own pack."""
        return f"policies/{self.id}"


def common(team: Team) -> Iterator[tuple[str, str]]:
    """Yield the files that every team has: what tenants declare, what people attest and accept."""
    yield "declarations.yaml", DECLARATIONS
    yield "attestations.yaml", ATTESTATIONS
    yield "waivers.yaml", WAIVERS


def layered(team: Team) -> Iterator[tuple[str, str]]:
    """Yield the files of a team that keeps the upstream pack as it is, and adds to it."""
    words = {"id": team.id, "upstream": team.upstream, "family": team.family,
             "folder": team.folder, "name": f"{team.family}-001-a-technical-contact-is-known"}
    yield "tenantproof.yaml", LAYERED.format(**words)
    yield f"profiles/{team.id}.yaml", PROFILE.format(**words)
    yield f"{team.folder}/pack.yaml", PACK.format(**words)
    yield f"{team.folder}/requirements.yaml", REQUIREMENTS.format(**words)
    yield f"{team.folder}/{team.family.lower()}/{words['name']}.yaml", POLICY.format(**words)
    yield from common(team)


def copied(team: Team) -> Iterator[tuple[str, str]]:
    """Yield the files beside a copy of the upstream pack."""
    yield "tenantproof.yaml", COPIED.format(folder=team.folder)
    yield from common(team)


LAYERED: Final = """\
# What every command of tenantproof is told here; options and the environment outrank it.
format: 1
packs: [{upstream}, {folder}]
profile: profiles/{id}.yaml
declarations: declarations.yaml
attestations: [attestations.yaml]
waivers: [waivers.yaml]
"""
COPIED: Final = """\
# What every command of tenantproof is told here; options and the environment outrank it.
format: 1
packs: [{folder}]
declarations: declarations.yaml
attestations: [attestations.yaml]
waivers: [waivers.yaml]
"""
PROFILE: Final = """\
format: 1
id: {id}
title: What {id} asks of its tenants
extends: {upstream}/recommended
select:
  families: [{family}]
# What is not asked here, with limits and severities of our own:
# ignore:
#   ids: [ATT-001]
# parameters:
#   unused_after: 60 days
# severities:
#   APP-001: {{ severity: critical, reason: Consent was abused here before. }}
"""
PACK: Final = """\
format: 1
id: {id}
version: "0.1.0"
title: What {id} asks beyond the pack {upstream}
description: Our own requirements, as policies.
"""
REQUIREMENTS: Final = """\
format: 1
source:
  title: The security standard of {id}
  url: https://example.com/security-standard
  dated: "2026-01-01"
requirements:
  - id: {family}-R1
    title: The telephone of the tenant's technical contact is known
    level: mandatory
    section: Contacts
    obligation: Every tenant names a technical contact.
"""
POLICY: Final = """\
format: 1
id: {family}-001
revision: 1
title: The tenant names a technical contact
statement: The tenant MUST name at least one address for technical notifications.
rationale: Microsoft writes to it when a service is about to change or has failed.
requirements: [{family}-R1]
severity: low
status: stable
check:
  for: organization
  expect: every
  if_empty: fail
  that:
    names a technical contact: {{ path: technicalNotificationMails, is_empty: false }}
report:
  subject: displayName
  evidence: {{ Technical contacts: technicalNotificationMails }}
  pass: The tenant names a technical contact.
  fail: The tenant names no technical contact.
remediation:
  summary: Enter a technical contact in the properties of the tenant.
  steps:
    - In the Microsoft Entra admin center open Overview > Properties.
    - Enter an address under Technical contact and save.
tests:
  tenant:
    collections:
      organization:
        data: [{{ id: t1, displayName: Contoso, technicalNotificationMails: [it@contoso.example] }}]
  cases:
    - {{ it: passes with a contact, verdict: pass }}
    - it: fails without one
      set: {{ /organization/0/technicalNotificationMails: [] }}
      verdict: fail
      missing: [names a technical contact]
    - it: cannot tell when the tenant's properties were not exported
      unset: [/organization]
      verdict: unknown
"""
DECLARATIONS: Final = """\
# What each tenant declares, by its id, such as
#   00000000-0000-0000-0000-000000000000:
#     emergency_accounts: [11111111-1111-1111-1111-111111111111]
format: 1
tenants: {}
"""
ATTESTATIONS: Final = """\
# What people have attested; `tenantproof attest SNAPSHOT` writes the open questions here.
format: 1
attestations: []
"""
WAIVERS: Final = """\
# Failures that somebody has accepted; `tenantproof waivers add` writes them here.
format: 1
waivers: []
"""
