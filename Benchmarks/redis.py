"""A Redis of its own for the relay bench: in a new directory, on loopback alone, stopped by its process number.

Durable as the stores are: every write is on the disk before it is answered (`appendfsync always`).
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Redis:
    def __init__(self, directory):
        self.base = tempfile.mkdtemp(prefix="redis-", dir=directory)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.base, "--appendonly", "yes",
             "--appendfsync", "always", "--save", "", "--logfile", os.path.join(self.base, "log")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while self.ask("PING", check=False) != "PONG":
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(open(os.path.join(self.base, "log")).read()[-2000:])
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    @property
    def version(self):
        return subprocess.run(["redis-server", "--version"], capture_output=True, text=True).stdout.split("v=")[1].split()[0]

    def ask(self, *words, check=True):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *map(str, words)], capture_output=True, text=True, check=check)
        return done.stdout.strip()

    def last(self, stream):
        """The fields of the newest entry, as words."""
        entry = json.loads(self.ask("--json", "XREVRANGE", stream, "+", "-", "COUNT", "1"))
        return entry[0][1]
