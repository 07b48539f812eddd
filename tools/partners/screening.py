#!/usr/bin/env python3
"""Stand-ins for Moov Watchman (v2) and OpenSanctions yente, which follow their published APIs over a handful of parties,
and a KYC provider as docs/guide/screening.md describes it.

  python tools/partners/screening.py        # prints its port, ends when standard input closes

They hold parties that do not exist. The first part of the path says how the answer goes wrong: /good, /stale, /silent,
/cut, /flood, /html, /500, /401, /empty-list, /wrong-shape, /forgets, /bad-score, /redirect. Only the standard library; loopback only.
"""
import datetime
import json
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PARTIES = [
    {"id": "90001", "type": "business", "name": "NORTHERN LANTERN EXCHANGE", "programs": ["CYBER2"],
     "wallets": [("ETH", "0x00000000000000000000000000000000deadbeef"), ("XBT", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]},
    {"id": "90002", "type": "person", "name": "Ruslan VYDUMSHCHIKOV", "programs": ["CYBER2"], "wallets": []},
]
SCHEMAS = {"business": "Organization", "person": "Person"}


def likeness(a, b):
    """A stand-in for their matchers: words in common."""
    a, b = set(a.lower().replace(",", " ").split()), set(b.lower().split())
    return round(2 * len(a & b) / (len(a) + len(b)), 4) if a and b else 0.0


def same(a, b):
    return a.lower() == b.lower()


def watchman_entity(party, match):
    return {
        "name": party["name"], "entityType": party["type"], "sourceList": "us_ofac", "sourceID": party["id"],
        "person": None, "business": {"name": party["name"], "altNames": None, "created": None, "dissolved": None, "governmentIDs": None}
        if party["type"] == "business" else None,
        "organization": None, "aircraft": None, "vessel": None,
        "contact": {"emailAddresses": None, "phoneNumbers": None, "faxNumbers": None, "websites": None},
        "addresses": None, "cryptoAddresses": [{"currency": c, "address": a} for c, a in party["wallets"]],
        "affiliations": None, "sanctionsInfo": {"programs": party["programs"], "secondary": False, "description": ""},
        "historicalInfo": None, "sourceData": {}, "match": match}


def search(query, how):
    asked = {key: values[0] for key, values in query.items()}
    if "cryptoAddress" in asked:
        asset, _, address = asked["cryptoAddress"].partition(":")
        found = [watchman_entity(p, 1.0) for p in PARTIES if any(c == asset and same(a, address) for c, a in p["wallets"])]
    else:
        least = float(asked.get("minMatch", "0"))
        scored = [(likeness(asked["name"], p["name"]), p) for p in PARTIES if asked.get("type", p["type"]) == p["type"]]
        found = [watchman_entity(p, score) for score, p in scored if score >= least]
    if how == "bad-score":
        found = [watchman_entity(PARTIES[0], 7.5)]
    if how == "low-score":
        found = [watchman_entity(PARTIES[0], 0.1)]
    if how == "nested":
        found = [{"entity": e, "match": e.pop("match")} for e in found]
    return {"entities": found[: int(asked.get("limit", "10"))] or None}


def match(body, how):
    responses = {}
    for key, example in body["queries"].items():
        properties, results = example["properties"], []
        for party in PARTIES:
            if example["schema"] == "CryptoWallet":
                keys = [a for _, a in party["wallets"] if any(same(a, k) for k in properties["publicKey"])]
                if keys:
                    results.append({"id": "ofac-wallet-" + party["id"], "caption": keys[0], "schema": "CryptoWallet",
                                    "properties": {"publicKey": keys, "topics": ["sanction"]}, "datasets": ["us_ofac_sdn"],
                                    "referents": [], "target": True, "features": {"crypto_wallet_address": 1.0}, "score": 1.0, "match": True})
            else:
                score = max(likeness(name, party["name"]) for name in properties["name"])
                if score > 0.3:
                    results.append({"id": "NK-" + party["id"], "caption": party["name"], "schema": SCHEMAS[party["type"]],
                                    "properties": {"name": [party["name"]]}, "datasets": ["us_ofac_sdn"], "referents": [], "target": True,
                                    "features": {"name_literal_match": score}, "score": score, "match": score >= 0.7})
        if how == "bad-score":
            results = [{"id": "x", "caption": "x", "score": "high", "match": True}]
        responses[key] = {"status": 200, "results": results, "total": {"value": len(results), "relation": "eq"}, "query": example}
    if how == "forgets":
        responses.popitem()
    if how == "renames":
        key, value = responses.popitem()
        responses["another"] = value
    return {"responses": responses, "matcher": {}, "limit": 20}


def kyc(body, how):
    """The subject says its own status: `pending-7` is pending, everybody else approved."""
    if set(body) - {"subject", "address", "country"} or not body["address"].startswith("0x"):
        return None
    word = body["subject"].split("-")[0]
    checked = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)
    if how == "stale":
        checked -= datetime.timedelta(days=40)
    if how == "future":
        checked += datetime.timedelta(days=1)
    answer = {
        "status": word if word in ("approved", "pending", "rejected", "expired") else "approved", "level": "full",
        "checked_at": checked.strftime("%Y-%m-%dT%H:%M:%SZ"), "reference": "ref " + body.get("country", "-")}
    lies = {
        "other-status": {"status": "APPROVED"}, "no-time": {"checked_at": "yesterday"}, "number": {"checked_at": 1700000000},
        "long": {"reference": "x" * 5000}, "null-level": {"level": None}, "lines": {"level": "full\nstatus: approved"}}
    answer.update(lies.get(how, {}))
    if how == "half":
        del answer["reference"]
    if how == "some" and body["subject"].endswith("odd"):
        return {"status": "approved"}
    return answer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.answer(None)

    def do_POST(self):
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, body):
        url = urllib.parse.urlsplit(self.path)
        _, how, *rest = url.path.split("/")
        path = "/" + "/".join(rest)
        info = path in ("/v2/listinfo", "/catalog")
        if how == "silent" and not info:
            time.sleep(20)
        if how == "html" and not info:
            return self.send(200, b"<html>maintenance</html>", "text/html")
        if how in ("500", "401", "429") and not info:
            return self.send(int(how), b"{}")
        if how == "redirect":
            self.send_response(302)
            self.send_header("Location", "/good" + path)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        scheme = "Bearer" if path == "/kyc" else "ApiKey"
        if how == "keyed" and self.headers.get("Authorization") != scheme + " open-sesame":
            return self.send(401, b'{"detail": "Invalid API key"}')
        if how == "flood" and not info:
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * 65536)
            except OSError:
                return None
        value = self.value(how, path, url, body)
        if value is None:
            return self.send(404, b'{"detail": "Not found"}')
        text = json.dumps([value] if how == "wrong-shape" and not info else value).encode()
        if how == "cut" and not info:
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text[: len(text) // 2])
            self.wfile.flush()
            self.close_connection = True
            return None
        return self.send(200, text)

    def value(self, how, path, url, body):
        moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=30 if how == "stale" else 0, minutes=5)
        if path == "/v2/listinfo":
            count = 0 if how == "empty-list" else len(PARTIES)
            return {"lists": {"us_ofac": count}, "listHashes": {"us_ofac": "0629aab"}, "startedAt": moment.isoformat(),
                    "endedAt": moment.isoformat(), "version": "v0.69.0"}
        if path == "/v2/search":
            return search(urllib.parse.parse_qs(url.query), how)
        if path == "/catalog":
            version = moment.strftime("%Y%m%d%H%M%S-abc")
            names = [] if how == "empty-list" else ["sanctions"]
            return {"datasets": [{"name": n, "title": n, "load": True, "version": version, "index_version": version,
                                  "index_current": True, "children": []} for n in names], "current": names, "outdated": [], "index_stale": False}
        if path == "/kyc" and body is not None:
            return kyc(body, how)
        if path == "/match/sanctions":
            return match(body, how)
        return None

    def send(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Clients ask many things at once, and the usual five would make them wait a second.
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Clients that stop listening are what the faults are for."""


def main():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
