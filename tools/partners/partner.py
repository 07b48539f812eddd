"""A partner's side of a custodial API: keys, faults, clock and control. `mblock.py` and `hashdam.py` add what their documents say.

`POST /control` with `{"do": NAME, ...}` steers a stand-in; a NAME it does not know, and a field it does not understand, is answered with 400.

  fault           see faults.py            faults, clear-faults     those that still wait; none any more
  lie             see faults.py            clear-lies               histories tell the truth again
  key             "key", and "methods", "addresses" (CIDR) that it may use: a further key; the ones before stay valid
  revoke          "key": it is wrong from now on
  clock           "skew_ms" beside the machine's clock, or "now_ms": it stands still there
  rate-limit      "calls" per "seconds"; more are answered with 429. Without "calls": none
  duplicate-id    the next id of that "kind" is the one before it once more
  seen            every request that arrived, faults included; forget: forgets them
  state           the truth: what was really done, whatever was answered
  reset           as at the start, but for the port

`GET /control` is `state`.
"""
import argparse
import collections
import copy
import hashlib
import ipaddress
import threading
import time

from faults import Faults, Lies, parse_fault
from replay import Replay
from wire import Answer, date_header, serve_until_input_ends


class Refused(Exception):
    """The partner's documented refusal: its message."""


class Ids:
    """Ids that look random and are the same at every run: a digest of seed, kind and number."""

    def __init__(self, seed):
        self.seed, self.counts, self.again = seed, {}, set()

    def next(self, kind, length=64):
        if kind in self.again and self.counts.get(kind):
            self.again.discard(kind)
        else:
            self.counts[kind] = self.counts.get(kind, 0) + 1
        return hashlib.sha256(f"{self.seed}/{kind}/{self.counts[kind]}".encode()).hexdigest()[:length]


class Clock:
    def __init__(self):
        self.skew_ms, self.fixed_ms = 0, None

    def now_ms(self):
        return self.fixed_ms if self.fixed_ms is not None else time.time_ns() // 1_000_000 + self.skew_ms


class Partner:
    """One API behind one path. Subclasses say its `path`, `key_header` and `methods`, and how it answers."""

    path, key_header, methods, verdict, ids_in = "", "", {}, "", ()
    usual_key = "test-key"

    def __init__(self, seed="1"):
        self.seed, self.lock = seed, threading.RLock()
        self.reset()

    def reset(self):
        self.faults, self.lies, self.clock = Faults(), Lies(), Clock()
        self.keys = {self.usual_key: {}}
        self.calls_seen = collections.deque(maxlen=100_000)
        self.limit, self.recent = None, collections.deque()
        self.state = self.opening()

    # What a subclass answers

    def opening(self):
        """The state at the start."""
        raise NotImplementedError

    def succeeded(self, fields):
        raise NotImplementedError

    def refused(self, message):
        raise NotImplementedError

    def rows(self):
        """How many rows the history has that lies speak of."""
        return 0

    def truth(self):
        raise NotImplementedError

    def order(self, order):
        """A control order of this partner alone; None when it has no such order."""
        return None

    # Requests

    def handle(self, request):
        if request.path == "/control":
            return self.control(request)
        if request.path != self.path:
            return Answer(404, {"error": f"there is only {self.path}"})
        if request.verb != "POST":
            return Answer(405, {"error": "POST for everything"})
        if request.headers.get("content-type") != "application/json":
            return Answer(415, {"error": "Content-Type: application/json"})
        try:
            asked = request.json()
        except ValueError as problem:
            return Answer(400, {"error": str(problem)})
        if not isinstance(asked, dict) or not isinstance(asked.get("method"), str):
            return Answer(400, {"error": "a JSON object with method"})
        return self.api(request, asked)

    def api(self, request, asked):
        method = asked["method"]
        with self.lock:
            fault = self.faults.take(method)
            self.calls_seen.append({
                "method": method, "body": asked, "key": request.headers.get(self.key_header), "at_ms": self.clock.now_ms(),
                "fault": fault.order if fault else None})
            if self.is_too_fast():
                return Answer(429, self.refused("Too many requests"), headers=("Retry-After: 1",))
            value = self.carry_out(request, asked, fault.executes if fault else 1)
            date = date_header(self.clock.now_ms() // 1000)
        return self.travel(value, fault, date)

    def carry_out(self, request, asked, times):
        kept = copy.deepcopy(self.state) if times == 0 else None
        value = None
        for _ in range(max(1, times)):
            value = self.once(request, asked)
        if kept is not None:
            self.state = kept
        return value

    def once(self, request, asked):
        try:
            self.admit(request, asked["method"])
            fields = {key: value for key, value in asked.items() if key != "method"}
            return self.succeeded(self.methods[asked["method"]](self, fields))
        except Refused as refusal:
            return self.refused(str(refusal))

    def admit(self, request, method):
        key = request.headers.get(self.key_header)
        if not key:
            raise Refused("Not Found API Key")
        rights = self.keys.get(key)
        if rights is None:
            raise Refused("Invalid API Key")
        allowed = rights.get("addresses")
        if allowed is not None and not any(ipaddress.ip_address(request.address) in ipaddress.ip_network(one) for one in allowed):
            raise Refused("Invalid access from an unauthorized IP Address")
        if method not in self.methods or rights.get("methods") is not None and method not in rights["methods"]:
            raise Refused("No API Permission")

    def is_too_fast(self):
        if self.limit is None:
            return False
        calls, seconds = self.limit
        now = time.monotonic()
        while self.recent and self.recent[0] <= now - seconds:
            self.recent.popleft()
        if len(self.recent) >= calls:
            return True
        self.recent.append(now)
        return False

    def travel(self, value, fault, date):
        """The answer as the fault lets it out."""
        if fault is None:
            return Answer(200, value, headers=(date,))
        if fault.how == "status":
            return Answer(fault.get("status", 502), value if fault.get("body", False) else "<html>Bad Gateway</html>",
                          "application/json" if fault.get("body", False) else "text/html", (date,))
        if fault.how == "rate-limit":
            return Answer(429, self.refused("Too many requests"), headers=(date, f"Retry-After: {fault.get('retry_after', 1)}"))
        if fault.how == "wrong-type":
            return Answer(200, value, "text/html", (date,))
        bodies = {"garbage": b"<html>Service</html>", "empty": b"", "scalar": b"42"}
        if fault.how in bodies:
            return Answer(200, bodies[fault.how], headers=(date,))
        if fault.how == "refuse":
            value = self.refused(fault.get("message", "Not enough balance"))
        if fault.how == "no-verdict":
            value = {key: one for key, one in value.items() if key != self.verdict}
        if fault.how == "no-id":
            value = self.without_ids(value)
        made = Answer(200, value, headers=(date,), how=fault.how, seconds=fault.get("seconds", 30), pause=float(fault.get("pause", "0.02")))
        if fault.how == "cut-json":
            made.body = made.body[:-3]
        return made

    def without_ids(self, value):
        if isinstance(value, dict):
            return {key: self.without_ids(one) for key, one in value.items() if key not in self.ids_in}
        return value

    # Control

    def control(self, request):
        try:
            if request.verb == "GET":
                with self.lock:
                    return Answer(200, self.truth())
            order = request.json()
            with self.lock:
                done = self.do(order)
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as problem:
            return Answer(400, {"error": f"{type(problem).__name__}: {problem}"})
        return Answer(200, {"done": True} if done is None else done)

    def do(self, order):
        name = order["do"]
        known = {
            "fault": lambda: self.faults.add(order), "clear-faults": self.faults.clear, "clear-lies": self.lies.clear,
            "faults": lambda: {"faults": self.faults.left()}, "lie": lambda: self.lies.add(order, self.rows()),
            "key": lambda: self.keys.update({order["key"]: {part: order[part] for part in ("methods", "addresses") if part in order}}),
            "revoke": lambda: self.revoke(order["key"]), "state": self.truth, "reset": self.reset,
            "seen": lambda: {"seen": list(self.calls_seen)}, "forget": self.calls_seen.clear, "clock": lambda: self.set_clock(order),
            "rate-limit": lambda: self.set_limit(order), "duplicate-id": lambda: self.state.ids.again.add(order["kind"])}
        if name in known:
            return known[name]()
        done = self.order(order)
        if done is None:
            raise ValueError(f"no order {name}")
        return done

    def revoke(self, key):
        del self.keys[key]

    def set_clock(self, order):
        if order.keys() - {"do", "skew_ms", "now_ms"}:
            raise ValueError("a clock has skew_ms or now_ms")
        self.clock.skew_ms, self.clock.fixed_ms = int(order.get("skew_ms", 0)), order.get("now_ms")

    def set_limit(self, order):
        self.limit, self.recent = ((order["calls"], float(order.get("seconds", 1))) if "calls" in order else None), collections.deque()


def run(partner_type, about, replays):
    """The program: `--replay FILE` serves recorded cases, else the partner lives."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0], epilog=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="a free one unless given")
    parser.add_argument("--seed", default="1", help="other seeds make other ids")
    parser.add_argument("--fault", action="append", default=[], help="HOW[:EXECUTES[:METHOD[:TIMES or all]]], see faults.py")
    parser.add_argument("--replay", metavar="FILE", action="append", help="serve the recorded cases of this file of vectors, and nothing else")
    options = parser.parse_args()
    if options.replay:
        replay = Replay()
        for path in options.replay:
            replay.load(path, replays)
        return serve_until_input_ends(replay.handle, options.port)
    partner = partner_type(options.seed)
    for text in options.fault:
        partner.faults.add(parse_fault(text))
    serve_until_input_ends(partner.handle, options.port)
