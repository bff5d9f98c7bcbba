"""Write the sample snapshots beside this script; with `--check`, only say whether they differ."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from builder.at_risk import at_risk
from builder.at_risk_declared import declared as at_risk_declared
from builder.at_risk_people import TAILWIND
from builder.clean import CONTOSO, LITWARE, clean, partial
from builder.clean_declared import attested, declared
from builder.customer import TENANT, security_defaults
from builder.customers import MARGIE, TREY, careful, careless
from builder.customers import declared as customer_declared
from builder.small import FIRST_UP, small
from builder.small import declared as small_declared
from builder.writer import Files, snapshot

HERE: Final = Path(__file__).parent


def samples() -> dict[str, Files]:
    """Return the files of every sample by the name of its folder."""
    return {
        "partner-clean": snapshot(CONTOSO, clean()) | {
            "declarations.yaml": declared(CONTOSO), "attestations.yaml": attested(CONTOSO),
        },
        "partner-at-risk": snapshot(TAILWIND, at_risk()) | {
            "declarations.yaml": at_risk_declared(TAILWIND),
        },
        "partner-partial-export": snapshot(LITWARE, partial()),
        "partner-small": snapshot(FIRST_UP, small()) | {"declarations.yaml": small_declared()},
        "customer-at-risk": snapshot(MARGIE, careless()) | {
            "declarations.yaml": customer_declared(MARGIE),
        },
        "customer-clean": snapshot(TREY, careful()) | {
            "declarations.yaml": customer_declared(TREY),
        },
        "customer-security-defaults": snapshot(TENANT, security_defaults()),
    }


def differences(folder: Path, files: Files) -> Iterator[str]:
    """Yield the paths in a sample's folder that are missing, changed or too many."""
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    for name in sorted(present | set(files)):
        path = folder / name
        same = name in present and name in files and path.read_bytes() == files[name].encode()
        if not same:
            yield f"{folder.name}/{name}"


def write(folder: Path, files: Files) -> None:
    """Write a sample's files and remove those that no longer belong to it."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())


def check() -> int:
    """Print what differs from the committed files; return 1 if anything does."""
    found = [line for name, files in samples().items()
             for line in differences(HERE / name, files)]
    sys.stdout.writelines(f"{line} differs: run snapshots/build.py\n" for line in found)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for; return the exit code."""
    if arguments == ["--check"]:
        return check()
    if arguments:
        sys.stderr.write("usage: build.py [--check]\n")
        return 2
    for name, files in samples().items():
        write(HERE / name, files)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
