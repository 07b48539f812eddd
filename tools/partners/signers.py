#!/usr/bin/env python3
"""Stand-ins for Web3Signer's Ethereum REST API and for the two calls of AWS KMS that sign, in the shapes of their published APIs.

  python tools/partners/signers.py        # prints its port, ends when standard input closes

Web3Signer: the first part of the path says how it behaves: /good, /other-key, /garbage, /short, /404, /500, /silent, /no-list, /bad-key.
KMS: any other path; the key id says how: good, other-key, not-der, padded, negative, throttled, disabled, p256, html; any other is not found.
Requests to KMS must carry a valid signature (version 4) of AKIDEXAMPLE. Half of all signatures have a high s, as KMS's own.
Keys are public: never use them elsewhere. Only the standard library; loopback only. Neither is the real service.
"""
import base64
import hashlib
import hmac
import json
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
SECRET, OTHER = 0x1111111111111111, 0x2222222222222222
ACCESS, SECRET_ACCESS = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point=G):
    out = None
    while k:
        if k & 1:
            out = add(out, point)
        point, k = add(point, point), k >> 1
    return out


def public(secret):
    x, y = times(secret)
    return x.to_bytes(32, "big") + y.to_bytes(32, "big")


def sign(digest, secret):
    """r, s and the parity of y; s is high every other time."""
    while True:
        k = secrets.randbelow(N - 1) + 1
        x, y = times(k)
        r = x % N
        s = (int.from_bytes(digest, "big") + r * secret) * pow(k, -1, N) % N
        if r and s:
            parity = y & 1
            if secrets.randbelow(2):
                s, parity = N - s, parity ^ 1
            return r, s, parity


def keccak256(data):
    rotations = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]
    mask = 2**64 - 1

    def rotate(v, n):
        return ((v << n) | (v >> (64 - n))) & mask if n else v

    data = bytearray(data) + b"\x01"
    data += b"\0" * (-len(data) % 136)
    data[-1] |= 0x80
    a = [[0] * 5 for _ in range(5)]
    for start in range(0, len(data), 136):
        for i in range(17):
            a[i % 5][i // 5] ^= int.from_bytes(data[start + 8 * i:start + 8 * i + 8], "little")
        lfsr = 1
        for _ in range(24):
            c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
            d = [c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
            a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            b = [[0] * 5 for _ in range(5)]
            for x in range(5):
                for y in range(5):
                    b[y][(2 * x + 3 * y) % 5] = rotate(a[x][y], rotations[x][y])
            a = [[b[x][y] ^ (~b[(x + 1) % 5][y] & mask & b[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
            for j in range(7):
                lfsr = ((lfsr << 1) ^ ((lfsr >> 7) * 0x71)) % 256
                if lfsr & 2:
                    a[0][0] ^= 1 << ((1 << j) - 1)
    return b"".join(a[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def integer(value, extra=b""):
    raw = value.to_bytes((value.bit_length() + 8) // 8, "big")
    raw = extra + raw
    return b"\x02" + bytes([len(raw)]) + raw


def der(r, s, how):
    body = integer(r, b"\0" if how == "padded" else b"") + integer(s)
    if how == "negative":
        body = b"\x02\x20" + b"\xff" * 32 + integer(s)
    return b"\x30" + bytes([len(body)]) + body


def authorised(handler, body):
    """Whether the request is signed as AWS asks, computed from what arrived."""
    try:
        words = dict(part.strip().split("=", 1) for part in handler.headers["Authorization"].split(" ", 1)[1].split(","))
        access, day, region, service, end = words["Credential"].split("/")
        names = words["SignedHeaders"].split(";")
        date = handler.headers["X-Amz-Date"]
        lines = "".join(f"{name}:{handler.headers[name].strip()}\n" for name in names)
        canonical = "\n".join(["POST", "/", "", lines, ";".join(names), hashlib.sha256(body).hexdigest()])
        scope = f"{day}/{region}/{service}/{end}"
        text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + SECRET_ACCESS).encode()
        for part in (day, region, service, end):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        fresh = abs(time.time() - time.mktime(time.strptime(date, "%Y%m%dT%H%M%SZ")) + time.timezone) < 300
        return fresh and access == ACCESS and date.startswith(day) and hmac.compare_digest(made, words["Signature"]) \
            and {"host", "x-amz-date", "x-amz-target"} <= set(names)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json"):
        raw = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self):
        how = self.path.strip("/").split("/")[0]
        if self.path.endswith("/api/v1/eth1/publicKeys"):
            keys = ["0x" + public(SECRET).hex()]
            if how == "bad-key":
                keys = ["0x" + "11" * 64]
            return self.answer(500 if how == "500" else 200, "{}" if how == "no-list" else json.dumps(keys))
        self.answer(404, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/api/v1/eth1/sign/" in self.path:
            return self.web3signer(self.path.strip("/").split("/")[0], body)
        self.kms(body)

    def web3signer(self, how, body):
        if how in ("404", "500"):
            return self.answer(int(how), "Signer not found")
        if how == "silent":
            time.sleep(30)
        if self.path.split("/")[-1] != "0x" + public(SECRET).hex():
            return self.answer(404, "Public Key not found")
        data = bytes.fromhex(json.loads(body)["data"][2:])
        r, s, parity = sign(keccak256(data), OTHER if how == "other-key" else SECRET)
        text = "0x" + (r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([27 + parity])).hex()
        if how == "garbage":
            text = "<html>"
        if how == "short":
            text = text[:-2]
        self.answer(200, text, "text/plain")

    def kms(self, body):
        def problem(kind, status=400):
            self.answer(status, json.dumps({"__type": kind, "message": "no"}), "application/x-amz-json-1.1")
        if not authorised(self, body):
            return problem("AccessDeniedException")
        asked = json.loads(body)
        how, action = asked["KeyId"], self.headers["X-Amz-Target"]
        faults = {"throttled": "ThrottlingException", "disabled": "DisabledException"}
        if how in faults and action.endswith(".Sign"):
            return problem(faults[how])
        if how == "html":
            return self.answer(200, "<html>")
        if how not in ("good", "other-key", "not-der", "padded", "negative", "throttled", "disabled", "p256"):
            return problem("com.amazonaws.kms#NotFoundException")
        arn = f"arn:aws:kms:eu-central-1:111122223333:key/{how}"
        if action == "TrentService.GetPublicKey":
            head = bytes.fromhex("3056301006072a8648ce3d020106052b8104000a03420004")
            return self.answer(200, json.dumps({
                "KeyId": arn, "PublicKey": base64.b64encode(head + public(SECRET)).decode(), "KeyUsage": "SIGN_VERIFY",
                "KeySpec": "ECC_NIST_P256" if how == "p256" else "ECC_SECG_P256K1",
                "SigningAlgorithms": ["ECDSA_SHA_256"]}), "application/x-amz-json-1.1")
        if asked.get("MessageType") != "DIGEST" or asked.get("SigningAlgorithm") != "ECDSA_SHA_256":
            return problem("ValidationException")
        digest = base64.b64decode(asked["Message"])
        r, s, _ = sign(digest, OTHER if how == "other-key" else SECRET)
        made = b"\x30\x03\x02\x01" if how == "not-der" else der(r, s, how)
        self.answer(200, json.dumps({
            "KeyId": arn, "Signature": base64.b64encode(made).decode(), "SigningAlgorithm": "ECDSA_SHA_256"}),
            "application/x-amz-json-1.1")


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
