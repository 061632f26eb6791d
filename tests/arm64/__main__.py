"""`python -m tests.arm64`: makes the bundle of a board, installs it in an arm64 Debian, offline, and reads a hall with it."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from firmware.cards.bundle import Wish, make_bundle
from firmware.cards.debs import DebsFault
from firmware.cards.program import onboard_program
from firmware.cards.release_key import make_key
from firmware.cards.resolving import ResolveFault
from firmware.cards.targets import TARGETS
from firmware.onboard.whole import altered
from tests.arm64.root import BUILD, NEEDED, Root

PUT = """
import sys, time
from pathlib import Path
sys.path.insert(0, "/data/jiaohao/onboard.pyz")
from firmware.onboard import releases
from firmware.onboard.places import Places
places = Places()
name = releases.install(Path(sys.argv[1]), places)
releases.begin(places, name)
print(name)
"""


def say(sentence: str) -> None:
    print(f"arm64: {time.strftime('%H:%M:%S')} {sentence}", flush=True)


def install(root: Root, bundle: Path, key: Path) -> Path:
    """The release's folder, on a board that had none."""
    home = root.folder / "data" / "jiaohao"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    shutil.copy(key.with_name("release.pub"), home)
    (home / "onboard.pyz").write_bytes(onboard_program())
    shutil.copy(bundle, home / "release.bundle")
    say("installing it: signature, unpacking, compiling, and every module of it read once")
    ran = root.run("/usr/bin/python3", "-c", PUT, "/data/jiaohao/release.bundle")
    name = ran.said.split()[-1]
    say(f"{name} is installed, {ran.took_s:.0f} s")
    return home / "releases" / name


def read_hall(root: Root, release: Path) -> str:
    """What the release on the emulated board says of its own sample hall."""
    packages = f"/data/jiaohao/releases/{release.name}/site-packages"
    ran = root.run(
        *("/usr/bin/python3", "-P", "-m", "broker.cli", "check"),
        f"{packages}/broker/halls/sample.toml",
        PYTHONPATH=packages,
    )
    say(f"it reads the sample hall, {ran.took_s:.0f} s: {ran.said.strip().splitlines()[0]}")
    return ran.said


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.arm64")
    parser.add_argument("--bundle", type=Path, help="this one; its key beside it as release.pub")
    options = parser.parse_args()
    missing = [program for program in NEEDED if not shutil.which(program)]
    if missing:
        sys.stderr.write(f"arm64: not installed: {', '.join(missing)}; run scripts/arm64.sh\n")
        return 1
    try:
        root = Root.made()
        bundle, key = options.bundle, None
        if bundle is None:
            shutil.rmtree(BUILD / "keys", ignore_errors=True)
            key, _ = make_key(BUILD / "keys")
            wish = Wish(TARGETS["aarch64-cp311"], "board", int(time.time()))
            bundle, _ = make_bundle(wish, key, BUILD / "dist", say)
        release = install(root, bundle, key or bundle)
        wrong = list(altered(release))
        if wrong:
            sys.stderr.write(f"arm64: not what was signed: {', '.join(wrong[:5])}\n")
            return 1
        read_hall(root, release)
    except subprocess.CalledProcessError as fault:
        sys.stderr.write(f"arm64: {(fault.stderr or fault.stdout)[-2000:]}\n")
        return 1
    except (DebsFault, ResolveFault, OSError) as fault:
        sys.stderr.write(f"arm64: {fault}\n")
        return 1
    say("the bundle installs and imports on arm64")
    return 0


if __name__ == "__main__":
    sys.exit(main())
