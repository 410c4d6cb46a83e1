"""Where the browser tests find Chromium; run as a script it installs Debian's when it may."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

HOW_TO = (
    "The browser tests need Chromium: install it (Debian: `apt-get install chromium`; elsewhere "
    "`.venv/bin/playwright install chromium`) or set CHROMIUM to its path."
)


def find_chromium() -> Path | None:
    """Chromium from ``$CHROMIUM``, the system or Playwright; None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return find_playwright_chromium()


def find_playwright_chromium() -> Path | None:
    """The newest Chromium that ``playwright install`` put into its cache."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright")).expanduser()
    found = sorted(cache.glob("chromium*/chrome-*/*chrome*"))
    usable = [path for path in found if path.is_file() and os.access(path, os.X_OK)]
    return usable[-1] if usable else None


def may_install() -> bool:
    """Whether this is Debian and we are its superuser."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def install_chromium() -> None:
    """Install Debian's package; failing is no error here, since it is looked for afterwards."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in ("update -qq", "install -y -qq --no-install-recommends chromium"):
        subprocess.run(
            ["apt-get", *command.split()], check=False, env=environment, capture_output=True
        )


if __name__ == "__main__":
    if not find_chromium() and not os.environ.get("CHROMIUM") and may_install():
        sys.stderr.write("Installing Chromium for the browser tests …\n")
        install_chromium()
    if not find_chromium():
        sys.exit(HOW_TO)
