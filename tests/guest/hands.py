"""The hands of `make guest` inside the guest, put there beside its system: runs what it is told by a serial line, and answers.

Each line is JSON: {"id", "run": [words]}; the answer {"id", "code", "out"} in one line. The guest's own Python runs it.
"""

import json
import subprocess
from pathlib import Path


def main() -> None:
    with Path("/dev/ttyS1").open("r+b", buffering=0) as line:
        subprocess.run(["stty", "-F", "/dev/ttyS1", "raw", "-echo"], check=True)
        text = b""
        while True:
            text += line.read(4096)
            while b"\n" in text:
                one, _, text = text.partition(b"\n")
                answer: dict[str, object] = {"id": 0, "code": -1}
                try:
                    asked = json.loads(one)
                    said = subprocess.run(asked["run"], check=False, capture_output=True, text=True)
                    answer = {"id": asked["id"], "code": said.returncode}
                    answer["out"] = said.stdout + said.stderr
                except Exception as fault:
                    answer["out"] = repr(fault)
                whole = json.dumps(answer).encode() + b"\n"
                while whole:
                    whole = whole[line.write(whole) or 0 :]


if __name__ == "__main__":
    main()
