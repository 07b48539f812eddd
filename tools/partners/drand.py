#!/usr/bin/env python3
"""A stand-in for drand's HTTP servers, which hands out the public rounds of Tests/Vectors/drand by drand's own API.

  python tools/partners/drand.py        # prints its port, ends when standard input closes

The first part of the path says how the answer goes wrong: /good, /early, /empty, /500, /silent, /html, /flood, /other-round,
/other-signature, /other-randomness, /redirect. Only the standard library; loopback only.
"""
import json
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROUNDS = pathlib.Path(__file__).resolve().parents[2] / "Tests/Vectors/drand/public_rounds.json"
CHAINS = {
    "bls-unchained-g1-rfc9380": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "pedersen-bls-chained": "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
}
BEACONS = {}
for case in json.loads(ROUNDS.read_text())["cases"]:
    beacon = {"round": case["round"], "randomness": case["randomness"], "signature": case["signature"]}
    if case["previousSignature"]:
        beacon["previous_signature"] = case["previousSignature"]
    BEACONS[CHAINS[case["scheme"]], case["round"]] = beacon


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        how, rest = parts[0], parts[1:]
        if len(rest) != 3 or rest[1] != "public" or not rest[2].isdigit():
            return self.answer(400, b"{}")
        chain, number = rest[0], int(rest[2])
        found = BEACONS.get((chain, number))
        if how == "silent":
            return time.sleep(30)
        if how == "500":
            return self.answer(500, b"{}")
        if how == "early":
            return self.answer(425, b"{}")
        if how == "redirect":
            return self.answer(302, b"", Location=f"/good/{'/'.join(rest)}")
        if how == "html":
            return self.answer(200, b"<html>moved</html>")
        if how == "flood":
            return self.answer(200, b" " * 100_000 + b"{}")
        if found is None:
            return self.answer(404, b"{}")
        others = [one for (name, at), one in BEACONS.items() if name == chain and at != number]
        if how == "empty":
            found = {}
        elif how == "other-round":
            found = others[0]
        elif how == "other-signature":
            found = {**found, "signature": others[0]["signature"]}
        elif how == "other-randomness":
            found = {**found, "randomness": others[0]["randomness"]}
        self.answer(200, json.dumps(found).encode())


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
