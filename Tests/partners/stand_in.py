"""Starts a stand-in of tools/partners as a program, and speaks HTTP with it."""
import http.client
import os
import pathlib
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARTNERS = ROOT / "tools/partners"
sys.path.insert(0, str(PARTNERS))

from wire import read_json, write_json  # noqa: E402

ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def vectors(name):
    """The path of a file of vectors: in the folder that VECTORS names, else in the repository."""
    return pathlib.Path(os.environ.get("VECTORS") or ROOT / "Tests/Vectors") / "wallet-mining" / f"{name}.json"


def document(name):
    return read_json(vectors(name).read_bytes())


class StandIn:
    """The running program; it ends with `close`, by its own process."""

    def __init__(self, script, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(PARTNERS / f"{script}.py"), *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            raise RuntimeError(f"{script} told no port: {line!r} {self.process.communicate()[1]}")
        self.port = int(line)
        self.base = f"http://127.0.0.1:{self.port}"

    def close(self):
        """Ends it, and returns what it wrote to standard error."""
        _, complaint = self.process.communicate(timeout=10)
        return complaint

    def post(self, path, body, headers=(), timeout=5.0):
        """Status, content type and bytes of one POST; `body`: bytes, or a value that becomes JSON."""
        raw = body if isinstance(body, bytes) else write_json(body).encode()
        return request(self.port, "POST", path, raw, {"Content-Type": "application/json", **dict(headers)}, timeout)

    def do(self, **order):
        status, _, raw = self.post("/control", order)
        if status != 200:
            raise RuntimeError(f"{order}: {status} {raw}")
        return read_json(raw)

    def state(self):
        return read_json(request(self.port, "GET", "/control", b"", {})[2])

    def raw(self, text, seconds=5.0):
        """Every byte that comes back for these bytes, until the other side ends the connection or is silent for so long."""
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as sock:
            sock.sendall(text)
            try:
                while piece := sock.recv(65536):
                    got += piece
            except TimeoutError:
                pass
        return got


def request(port, verb, path, body, headers, timeout=5.0):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(verb, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()
    finally:
        connection.close()
