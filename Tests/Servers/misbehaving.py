"""An HTTP server that misbehaves on request: the path says how.

Prints its port on the first line and ends when its standard input closes, so it never outlives the test that started it.
`--tls FILE` serves with a certificate made for the occasion and writes it to FILE.
Only the standard library; loopback only.
"""

import itertools
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

LONGEST = 30  # seconds: no behaviour lasts longer
connections = itertools.count(1)
meeting = threading.Condition()
arrived = {}


def read_request(reader):
    line = reader.readline(65537)
    if not line:
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers = {}
    while True:
        line = reader.readline(65537)
        if line in (b"\r\n", b"\n", b""):
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if path.startswith("/hangup"):
        return None
    body = reader.read(int(headers.get("content-length", "0")))
    return method, path, headers, body


def answer(sock, body, status="200 OK", headers=()):
    if isinstance(body, str):
        body = body.encode()
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    sock.sendall("\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body)


def forever(sock, piece, pause=0.0):
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        sock.sendall(piece)
        if pause:
            time.sleep(pause)


def meet(name, count):
    """True once `count` requests are here at the same time; False after two seconds without them."""
    with meeting:
        arrived[name] = arrived.get(name, 0) + 1
        meeting.notify_all()
        together = meeting.wait_for(lambda: arrived[name] >= count, timeout=2)
        return together


def rpc(how, body):
    calls = json.loads(body)
    one = isinstance(calls, dict)
    listed = [calls] if one else calls

    def good(call):
        return {"jsonrpc": "2.0", "id": call["id"], "result": call["params"]}

    def failed(call):
        error = {"code": -32000, "message": "nonce too low \x1b[2J", "data": {"nonce": "0x5"}}
        return {"jsonrpc": "2.0", "id": call["id"], "error": error}

    answers = [good(call) for call in listed]
    if how == "shuffled":
        answers.reverse()
    elif how == "missing":
        answers.pop(1)
    elif how == "duplicate":
        answers.append({**answers[1], "result": "other"})
    elif how == "wrong-ids":
        answers = [{**item, "id": item["id"] + 1_000_000} for item in answers]
    elif how == "text-ids":
        answers = [{**item, "id": str(item["id"])} for item in answers]
    elif how == "no-ids":
        for item in answers:
            del item["id"]
    elif how == "errors":
        answers[1] = failed(listed[1])
    elif how == "error":
        answers = [failed(call) for call in listed]
    elif how == "null-error":
        answers = [{**item, "error": None} for item in answers]
    elif how == "both":
        answers = [{**item, "error": {"code": 1, "message": "x"}} for item in answers]
    elif how == "neither":
        answers = [{"jsonrpc": "2.0", "id": item["id"]} for item in answers]
    elif how == "old-version":
        answers = [{**item, "jsonrpc": "1.0"} for item in answers]
    elif how == "bad-error":
        answers = [{"jsonrpc": "2.0", "id": item["id"], "error": "no"} for item in answers]
    elif how == "scalars":
        answers = [7, None, "x", []]
    elif how == "refused-batch":
        return json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "batch too large"}})
    elif how == "twice-the-key":
        return '{"jsonrpc":"2.0","id":%d,"result":1,"result":2}' % listed[0]["id"]
    elif how == "deep":
        return '{"jsonrpc":"2.0","id":%d,"result":%s%s}' % (listed[0]["id"], "[" * 100_000, "]" * 100_000)
    elif how == "not-json":
        return "<html>502 Bad Gateway</html>"
    elif how == "cut-json":
        return json.dumps(answers)[:-3]
    elif how == "scalar":
        return "42"
    return json.dumps(answers[0] if one else answers)


def behave(sock, number, method, path, headers, body):
    """Answers one request; True to keep the connection."""
    parts = path.strip("/").split("/")
    what = parts[0]
    if what == "echo":
        about = {"method": method, "connection": number, "headers": headers, "body": body.decode("latin-1")}
        answer(sock, json.dumps(about))
        return True
    if path == "/rpc/needs-key" and (headers.get("x-api-key"), headers.get("content-type")) != ("k1", "application/json"):
        answer(sock, "", "401 Unauthorized")
        return True
    if what == "rpc":
        answer(sock, rpc(parts[1], body), headers=["Content-Type: application/json"])
        return True
    if what == "bytes":
        answer(sock, b"x" * int(parts[1]))
        return True
    if what == "status":
        answer(sock, "{}", f"{parts[1]} Reason", [f"Retry-After: {parts[2].replace('_', ' ')}"] if len(parts) > 2 else [])
        return True
    if what == "redirect":
        answer(sock, "", "302 Found", ["Location: /echo"])
        return True
    if what == "slow":
        time.sleep(min(LONGEST, int(parts[1]) / 1000))
        answer(sock, "late")
        return True
    if what == "meet":
        answer(sock, "together" if meet(parts[1], int(parts[2])) else "alone")
        return True
    if what == "forgets":  # answers once and drops the kept connection at the second request
        if number in forgotten:
            return False
        forgotten.add(number)
        answer(sock, str(number))
        return True
    if what == "interim":
        sock.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nX-Interim: yes\r\n\r\n")
        answer(sock, "done", headers=["X-Final: yes"])
        return True
    if what == "gzip":
        answer(sock, "not really", headers=["Content-Encoding: gzip"])
        return True
    if what == "odd-headers":
        answer(sock, "x", headers=["X-Odd: one", "X-Odd: \x01two", "X-Bytes: \udcff", "X-None:", ": nameless"])
        return True
    if what == "no-colon":
        answer(sock, "x", headers=["No colon here"])
        return True
    if what == "giant":
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        forever(sock, b"x" * 65536)
    elif what == "endless":
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        forever(sock, b"1000\r\n" + b"x" * 4096 + b"\r\n")
    elif what == "endless-headers":
        sock.sendall(b"HTTP/1.1 200 OK\r\n")
        forever(sock, b"X-Filler: " + b"x" * 1000 + b"\r\n")
    elif what == "endless-interim":
        forever(sock, b"HTTP/1.1 103 Early Hints\r\nLink: </" + b"x" * 1000 + b">\r\n\r\n")
    elif what == "long-header":
        sock.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        forever(sock, b"x" * 65536)
    elif what == "drip":
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        forever(sock, b"x", pause=0.05)
    elif what == "silent":
        time.sleep(LONGEST)
    elif what == "cut":
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 50)
    elif what == "cut-chunk":
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nxxxx")
    elif what == "bad-chunk":
        sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\nxxxx\r\n0\r\n\r\n")
    elif what == "bad-length":
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")
    elif what == "not-http":
        sock.sendall(b"220 mail.example ESMTP\r\n")
    elif what == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # "close" and everything unknown: the connection ends without a byte.
    return False


forgotten = set()


def serve(sock, number, context):
    try:
        if context is not None:
            sock = context.wrap_socket(sock, server_side=True)
        reader = sock.makefile("rb")
        while (request := read_request(reader)) is not None:
            if not behave(sock, number, *request):
                break
        # makefile holds the descriptor too: without this the peer would never see the end.
        reader.close()
    except (OSError, ValueError):
        pass
    finally:
        sock.close()


def certificate(path):
    key = path + ".key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", path],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    os.remove(key)
    return context


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    context = certificate(sys.argv[2]) if sys.argv[1:2] == ["--tls"] else None
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=end_with_parent, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(sock, next(connections), context), daemon=True).start()


main()
