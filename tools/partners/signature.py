"""Signatures of partner calls: HMAC-SHA256 over timestamp, one space, nonce, one space and the raw body, in lower-case hexadecimal digits.

The headers are X-AEG-Key, X-AEG-Timestamp (seconds), X-AEG-Nonce and X-AEG-Signature (`sha256=` and the digits). The secret never travels.
"""
import collections
import hashlib
import hmac
import ipaddress
import secrets
import time

OFF_SECONDS, NONCE_SECONDS = 300, 600


def signature(secret, timestamp, nonce, body):
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp} {nonce} ".encode() + body, hashlib.sha256).hexdigest()


def signed_headers(key, secret, body, timestamp=None, nonce=None):
    timestamp, nonce = str(int(time.time()) if timestamp is None else timestamp), nonce or secrets.token_hex(16)
    return {"X-AEG-Key": key, "X-AEG-Timestamp": timestamp, "X-AEG-Nonce": nonce,
            "X-AEG-Signature": signature(secret, timestamp, nonce, body)}


class Gate:
    """Who may call: `keys`: key -> secret; `addresses`: networks, empty for all; `calls` per `seconds`, None for any number."""

    def __init__(self, keys, addresses=(), calls=None, seconds=60, now=time.time):
        self.keys, self.now, self.limit = dict(keys), now, (calls, seconds)
        self.networks = [ipaddress.ip_network(one) for one in addresses]
        self.nonces, self.recent = {}, collections.deque()

    def refusal(self, headers, body, address):
        """None for a call that is let in, else its HTTP status and what is wrong. `headers`: names in lower case."""
        now = self.now()
        if self.networks and not any(ipaddress.ip_address(address) in network for network in self.networks):
            return 403, "address_not_allowed"
        secret = self.keys.get(headers.get("x-aeg-key", ""))
        timestamp, nonce, given = (headers.get(f"x-aeg-{name}", "") for name in ("timestamp", "nonce", "signature"))
        # The comparison comes first, so that nobody without the secret can use up a nonce.
        if secret is None or not hmac.compare_digest(signature(secret, timestamp, nonce, body).encode(), given.encode("latin-1")):
            return 401, "invalid_signature"
        if "x-aeg-secret" in headers:
            return 401, "secret_in_a_header"
        if not timestamp.isascii() or not timestamp.isdigit() or abs(now - int(timestamp)) > OFF_SECONDS:
            return 401, "timestamp_off"
        self.nonces = {known: until for known, until in self.nonces.items() if until > now}
        if not nonce or (headers["x-aeg-key"], nonce) in self.nonces:
            return 401, "nonce_used"
        calls, seconds = self.limit
        while self.recent and self.recent[0] <= now - seconds:
            self.recent.popleft()
        if calls is not None and len(self.recent) >= calls:
            return 429, "rate_limited"
        self.recent.append(now)
        self.nonces[headers["x-aeg-key"], nonce] = now + NONCE_SECONDS
        return None
