"""Many small tenants in one run: processor time per tenant, and what a second process gains."""

from __future__ import annotations

import filecmp
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from measuring import BenchmarkError, environment
from policies_judged import GOAL_TENANT_MS
from tenants import write_tenant

USERS: Final = 300
DISTINCT: Final = 20


def write_tenants(folder: Path, count: int, seed: int) -> None:
    """Write `count` tenants of 300 users; only twenty differ in more than their id.

    Files that are the same are hard links, so two thousand tenants need the disk of twenty.
    """
    for number in range(count):
        here, like = folder / f"tenant-{number:05d}", folder / f"tenant-{number % DISTINCT:05d}"
        tenant = f"{number:08x}-0000-4000-8000-00000000000a"
        if here == like:
            write_tenant(here, USERS, seed=seed + number, tenant=tenant)
            continue
        here.mkdir()
        for path in like.iterdir():
            if path.name != "tenant.json":
                os.link(path, here / path.name)
        manifest = json.loads((like / "tenant.json").read_text())
        manifest["tenant"]["id"] = tenant
        (here / "tenant.json").write_text(json.dumps(manifest))


def _checked(folder: Path, out: Path, jobs: int) -> tuple[float, float]:
    """Return wall and processor seconds of one `check` of all tenants."""
    command = [sys.executable, "-m", "tenantproof", "check", str(folder), "--exit-zero",
               "--jobs", str(jobs), "--output", f"json={out}"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = subprocess.run(command, capture_output=True, check=False, env=environment(), text=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if told.returncode:
        raise BenchmarkError(
            f"check of many tenants ended with {told.returncode}: {told.stderr[-2000:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def many(folder: Path, out: Path, count: int) -> dict[str, Any]:
    """Print the processor time per tenant and the speed-up with two processes."""
    other = out.with_name("two.json")
    one_wall, one_cpu = _checked(folder, out, 1)
    two_wall, two_cpu = _checked(folder, other, 2)
    if not filecmp.cmp(out, other, shallow=False):
        raise BenchmarkError("the report differs with `--jobs 2`")
    size = out.stat().st_size / 1e6
    print(f"\n{count:,} tenants of {USERS} users, whole pack, one report of {size:.0f} MB")
    print(f"  --jobs 1  {one_wall:7.1f} s, {one_cpu / count * 1000:6.1f} ms of CPU per tenant "
          f"(goal: at most {GOAL_TENANT_MS})")
    print(f"  --jobs 2  {two_wall:7.1f} s, {two_cpu / count * 1000:6.1f} ms of CPU per tenant, "
          f"{one_wall / two_wall:.2f} times as fast")
    return {"tenants": count, "cpuMs": one_cpu / count * 1000, "wall": one_wall,
            "wallTwo": two_wall, "speedUp": one_wall / two_wall, "reportMB": size}
