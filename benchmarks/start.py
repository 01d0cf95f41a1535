"""Measure the first minutes of a newcomer: `python benchmarks/start.py`.

Clones this repository's last commit into a temporary folder and types what the README says: `make run` until the
first answer on the home page, then a second `make run` on the same data; and the memory that the server holds.
The package cache is as warm as this machine's. There is no peer: none of them starts without other services.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "Quels sont les horaires de la mairie ?"


def ask(address: str) -> str:
    """Ask on the home page as a browser does, and return the page of the answer."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    home = browser.open(f"{address}/", timeout=10).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', home)[0]
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "question": QUESTION}).encode()
    return str(browser.open(f"{address}/demander/", form, timeout=30).read().decode())


def start(clone: Path, data: Path) -> tuple[subprocess.Popen[bytes], str, float]:
    """Type `make run`; return the process, the address and the seconds until the first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "ANTIGONE_DATA": str(data)}
    began = time.monotonic()
    server = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    while time.monotonic() - began < 600:
        if server.poll() is not None:
            sys.exit("make run ended before it answered.")
        try:
            if "8 h 30" in ask(f"http://127.0.0.1:{port}"):
                return server, f"http://127.0.0.1:{port}", time.monotonic() - began
        except OSError:
            time.sleep(0.1)
    sys.exit("make run did not answer within ten minutes.")


def count_memory(server: subprocess.Popen[bytes]) -> float:
    """Return the resident megabytes of the server and its children."""
    parent = psutil.Process(server.pid)
    return sum(process.memory_info().rss for process in [parent, *parent.children(recursive=True)]) / 1e6


def stop(server: subprocess.Popen[bytes]) -> None:
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(30)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone, data = Path(folder, "antigone"), Path(folder, "data")
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        server, address, first = start(clone, data)
        for _ in range(20):
            ask(address)
        memory = count_memory(server)
        stop(server)
        server, _, second = start(clone, data)
        stop(server)
    print("| what | figure |\n| --- | --- |")
    print(f"| clean clone → first answer | {first:.0f} s |")
    print(f"| second start → first answer | {second:.1f} s |")
    print(f"| resident memory after 20 questions | {memory:.0f} MB |")


if __name__ == "__main__":
    main()
