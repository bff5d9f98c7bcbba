"""All facts, in reading order."""

from __future__ import annotations

from typing import Final

from tenantproof.facts import (
    access_reviews,
    accounts,
    app_credentials,
    conditional_access,
    coverage,
    dap,
    exclusion_groups,
    gdap,
    gdap_grants,
    gdap_groups,
    gdap_use,
    granted_permissions,
    licences,
    partner_applications,
    privileged_assignments,
    sign_in_window,
    sign_ins,
)
from tenantproof.facts.base import Fact

FACTS: Final[dict[str, Fact]] = {
    one.name: one for one in (
        accounts.FACT,
        conditional_access.FACT,
        coverage.MFA_FACT,
        coverage.LEGACY_FACT,
        gdap.FACT,
        dap.FACT,
        licences.FACT,
        sign_ins.FACT,
        sign_in_window.FACT,
        gdap_use.FACT,
        app_credentials.FACT,
        partner_applications.FACT,
        granted_permissions.FACT,
        privileged_assignments.FACT,
        gdap_grants.FACT,
        gdap_groups.FACT,
        exclusion_groups.FACT,
        access_reviews.FACT,
    )
}
