"""What a run was made with: versions, machine, revision. Nothing here changes a figure."""

import os
import platform
import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from index.settings import Settings

PACKAGES = ("dateline", "numpy", "faiss-cpu", "tantivy", "openvino", "ir-measures", "scipy")
LOCAL = ("library", "host", "port", "online", "threads", "max_file_mb", "token")


def list_settings(settings: Settings) -> dict[str, Any]:
    """The settings that can change a figure."""
    return {name: value for name, value in asdict(settings).items() if name not in LOCAL}


def list_versions() -> dict[str, str]:
    """The versions of Python, of Dateline and of the packages under it."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "absent"
    return versions


def describe_machine() -> dict[str, Any]:
    """The processor, its cores, the memory in GiB and the system."""
    return {
        "processor": find_processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def find_processor() -> str:
    """The processor's name as the kernel gives it, else the architecture."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def find_revision() -> dict[str, Any] | None:
    """The git revision of the code and whether it was changed since; ``None`` outside git."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        revision = ask_git(root, "rev-parse", "HEAD")
        changed = bool(ask_git(root, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return None
    return {"revision": revision, "changed": changed}


def ask_git(root: Path, *words: str) -> str:
    """What a git command prints."""
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True
    )
    return done.stdout.strip()
