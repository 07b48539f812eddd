"""JSON and decimals without binary floating point, and the small HTTP server that the stand-ins of custodians share.

A JSON number is read as a Decimal and written from its plain text. A number with an exponent, a key that stands twice and bytes that
are no UTF-8 are refused: whoever calls a stand-in with them has a defect. Only the standard library; loopback only.
"""
import email.utils
import json
import os
import re
import select
import socket
import struct
import sys
import threading
import time
from decimal import Decimal

PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


def plain_number(text):
    if "e" in text.lower():
        raise ValueError(f"a number with an exponent: {text}")
    return Decimal(text)


def once(pairs):
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a key stands twice")
    return out


def nothing(text):
    raise ValueError(f"not a JSON number: {text}")


def read_json(raw):
    """The value of JSON text; ValueError for what this module's first lines refuse."""
    text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    return json.loads(text, parse_float=plain_number, parse_constant=nothing, object_pairs_hook=once)


def write_json(value):
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{write_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(write_json, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        raise TypeError("no binary floating point on the wire")
    return json.dumps(value)


def same(a, b):
    """Whether two JSON values are equal; true is not 1, 1.50 is 1.5."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b or isinstance(a, (int, Decimal)) and isinstance(b, (int, Decimal)) and a == b


def units(text, scale):
    """A whole number of the smallest unit; None unless the text is a plain decimal of at most `scale` decimals."""
    if not isinstance(text, str) or len(text) > 80 or not text.isascii() or not PLAIN.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    if len(part) > scale:
        return None
    return int(whole + part.ljust(scale, "0"))


def text_of(count, scale):
    """Plain text of a whole number of the smallest unit: no exponent, no needless zero."""
    sign, digits = ("-" if count < 0 else ""), str(abs(count)).rjust(scale + 1, "0")
    if not scale:
        return sign + digits
    return sign + (digits[:-scale] + "." + digits[-scale:]).rstrip("0").rstrip(".")


class Request:
    def __init__(self, verb, path, headers, body, address):
        self.verb, self.path, self.headers, self.body, self.address = verb, path, headers, body, address

    def json(self):
        return read_json(self.body)


def read_request(reader, address):
    line = reader.readline(65537)
    if not line.endswith(b"\n"):
        return None
    verb, path, _ = line.decode("latin-1").split(" ", 2)
    headers = {}
    while True:
        line = reader.readline(65537)
        if line in (b"\r\n", b"\n", b""):
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
        if len(headers) > 100:
            return None
    size = int(headers.get("content-length", "0"))
    if not 0 <= size <= 1 << 20:
        return None
    body = reader.read(size)
    return Request(verb, path, headers, body, address) if len(body) == size else None


REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 409: "Conflict", 415: "Unsupported Media Type", 421: "Misdirected Request", 422: "Unprocessable Content",
           429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


class Answer:
    """One HTTP answer and how it travels: as it should, or as a fault of `faults.py` says."""

    def __init__(self, status, body, kind="application/json", headers=(), how="answer", seconds=30, pause=0.05):
        self.status, self.kind, self.headers, self.how, self.seconds, self.pause = status, kind, headers, how, seconds, pause
        self.body = body if isinstance(body, bytes) else (body if isinstance(body, str) else write_json(body)).encode()

    def head(self, length=None):
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Other')}", f"Content-Length: {len(self.body) if length is None else length}"]
        if self.kind:
            lines.append(f"Content-Type: {self.kind}")
        return ("\r\n".join(lines + list(self.headers)) + "\r\n\r\n").encode("latin-1")

    def send(self, sock):
        """Sends; False when the connection ends with it."""
        if self.how == "timeout":
            # The caller's end, or ours: whichever comes first.
            select.select([sock], [], [], self.seconds)
            return False
        if self.how == "close":
            return False
        if self.how == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if self.how == "cut":
            sock.sendall(self.head(len(self.body) + 50) + self.body)
            return False
        if self.how == "drip":
            whole = self.head() + self.body
            end = time.monotonic() + self.seconds
            for at in range(len(whole)):
                if time.monotonic() > end:
                    return False
                sock.sendall(whole[at:at + 1])
                time.sleep(self.pause)
            return True
        if self.how == "twice":
            sock.sendall((self.head() + self.body) * 2)
            return True
        sock.sendall(self.head() + self.body)
        return True


def date_header(seconds):
    return "Date: " + email.utils.formatdate(seconds, usegmt=True)


def serve_connection(sock, address, handle):
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(60)
        reader = sock.makefile("rb")
        while (request := read_request(reader, address)) is not None:
            try:
                answer = handle(request)
            except Exception as problem:  # A stand-in with a defect must not look like a partner with an outage.
                print(f"stand-in: {type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
                answer = Answer(421, {"stand_in_defect": f"{type(problem).__name__}: {problem}"})
            if not answer.send(sock) or request.headers.get("connection", "").lower() == "close":
                break
        # makefile holds the descriptor too: without this the peer would never see the end.
        reader.close()
    except (OSError, ValueError):
        pass
    finally:
        sock.close()


class Server:
    """Serves `handle(Request) -> Answer` on a free port of loopback, until closed."""

    def __init__(self, handle, port=0):
        self.handle = handle
        self.listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def accept(self):
        while True:
            try:
                sock, address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=serve_connection, args=(sock, address[0], self.handle), daemon=True).start()

    def close(self):
        # Closing alone does not wake a thread that accepts.
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()


def serve_until_input_ends(handle, port=0):
    """Prints the port on the first line, and lives until standard input closes: never longer than who started it."""
    server = Server(handle, port)
    print(server.port, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)
