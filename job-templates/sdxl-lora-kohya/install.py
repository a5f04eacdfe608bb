"""Fetches kohya's sd-scripts in a fixed version beside this file and installs what they need; does nothing where they are."""

import io
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path

VERSION = "0.9.1"
HERE = Path(__file__).resolve().parent


def main():
    target = HERE / "sd-scripts"
    if not target.exists():
        with urllib.request.urlopen("https://github.com/kohya-ss/sd-scripts/archive/refs/tags/v%s.tar.gz" % VERSION, timeout=300) as answer:
            with tarfile.open(fileobj=io.BytesIO(answer.read())) as archive:
                archive.extractall(HERE, filter="data")
        (HERE / ("sd-scripts-" + VERSION)).rename(target)
    return subprocess.call([sys.executable, "-m", "pip", "install", "--no-cache-dir", "-r", "requirements.txt", "bitsandbytes==0.45.3"], cwd=target)


if __name__ == "__main__":
    sys.exit(main())
