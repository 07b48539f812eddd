"""A Redis of the test's own, on loopback: every write is on the disk before it is answered, so a kill loses nothing."""
import json
import os
import signal
import socket
import subprocess
import time


class Redis:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "redis")
        os.mkdir(self.folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, "--appendonly", "yes",
             "--appendfsync", "always", "--save", "", "--logfile", os.path.join(self.folder, "log")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while self.ask("PING") != "PONG":
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("Redis did not start: " + open(os.path.join(self.folder, "log")).read()[-1500:])
            time.sleep(0.05)

    def kill(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def ask(self, *words):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def stream(self, name):
        """The fields of every entry, in order."""
        entries = json.loads(self.ask("--json", "XRANGE", name, "-", "+"))
        return [dict(zip(words[::2], words[1::2])) for _, words in entries]
