"""What can go wrong at a partner, as data: faults of a call, and lies in a history.

A fault says how often the call is carried out and what the caller then sees, so that both halves combine freely:

  executes  0: not carried out; 1: carried out; 2: carried out twice, one request
  how       answer (as if all were well), timeout (silence), close, reset, cut (promises more bytes than come), drip (a byte at a time),
            twice (two HTTP answers), status (an HTTP error: "status", with the answer in its body if "body" is true), garbage (no JSON),
            cut-json, empty, scalar, wrong-type (right JSON called text/html), refuse (the partner's own refusal: "message"),
            rate-limit (429, "retry_after" seconds), no-verdict (without the field that says whether it worked), no-id (without the id)
  method    which method; "*" for all; times: how many calls (null: all); skip: calls that pass before

`{"how": "answer", "executes": 0}` accepts and does nothing; `{"how": "refuse", "executes": 1}` refuses and does it all the same.

A lie changes what a history shows of one row and leaves the truth alone:

  kind      missing; late (hidden for "reads" readings, or until "ms" after it was made); field ("name", "value": another amount, status ...);
            twice (listed two times); stranger ("row": one that nobody asked for)
  row       the row's number, "next" for the one that is made next, "*" for all
"""
import threading

HOWS = {"answer", "timeout", "close", "reset", "cut", "drip", "twice", "status", "garbage", "cut-json", "empty", "scalar", "wrong-type", "refuse",
        "rate-limit", "no-verdict", "no-id"}
FIELDS = {"do", "how", "executes", "method", "times", "skip", "seconds", "pause", "status", "body", "message", "retry_after"}
LIES = {"missing", "late", "field", "twice", "stranger"}


class Fault:
    def __init__(self, order):
        unknown = set(order) - FIELDS
        if unknown:
            raise ValueError(f"a fault has no {sorted(unknown)}")
        self.how, self.executes, self.method = order["how"], order.get("executes", 1), order.get("method", "*")
        if self.how not in HOWS or self.executes not in (0, 1, 2):
            raise ValueError(f"no such fault: {self.how}, executes {self.executes}")
        self.times, self.skip = order.get("times", 1), order.get("skip", 0)
        self.order = order

    def get(self, name, usual):
        return self.order.get(name, usual)


class Faults:
    """Faults that wait for their calls, in the order in which they were asked for."""

    def __init__(self):
        self.waiting, self.lock = [], threading.Lock()

    def add(self, order):
        with self.lock:
            self.waiting.append(Fault(order))

    def clear(self):
        with self.lock:
            self.waiting.clear()

    def left(self):
        with self.lock:
            return [dict(fault.order, times=fault.times, skip=fault.skip) for fault in self.waiting]

    def take(self, method):
        """The fault of this call, or None."""
        with self.lock:
            for fault in self.waiting:
                if fault.method not in ("*", method):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self.waiting.remove(fault)
                return fault
        return None


def parse_fault(text):
    """`timeout`, `timeout:0`, `timeout:0:transferByWalletKey`, `timeout:0:transferByWalletKey:3`: how, executes, method, times."""
    parts = text.split(":")
    order = {"how": parts[0]}
    if len(parts) > 1:
        order["executes"] = int(parts[1])
    if len(parts) > 2:
        order["method"] = parts[2]
    if len(parts) > 3:
        order["times"] = None if parts[3] == "all" else int(parts[3])
    return order


class Lies:
    """What a history shows instead of the truth."""

    def __init__(self):
        self.told = []

    def add(self, order, rows):
        """`rows`: how many rows there are now, so that "next" has a number."""
        if order.get("kind") not in LIES:
            raise ValueError(f"no such lie: {order.get('kind')}")
        lie = {key: value for key, value in order.items() if key != "do"}
        if lie["kind"] == "stranger":
            if not isinstance(lie.get("row"), dict):
                raise ValueError("a stranger is a row")
        elif lie.get("row") == "next":
            lie["row"] = rows
        elif lie.get("row") != "*" and not isinstance(lie.get("row"), int):
            raise ValueError("which row?")
        if lie["kind"] == "late" and not {"reads", "ms"} & set(lie):
            raise ValueError("late by how many reads or ms?")
        if lie["kind"] == "field" and not {"name", "value"} <= set(lie):
            raise ValueError("which field, and what instead?")
        self.told.append(lie)

    def clear(self):
        self.told.clear()

    def seen(self, number, row, age_ms):
        """What is shown of one row: a list of none, one or two."""
        out = [dict(row)]
        for lie in self.told:
            if lie["kind"] == "stranger" or lie["row"] not in ("*", number):
                continue
            if lie["kind"] == "missing":
                out = []
            elif lie["kind"] == "late":
                if "ms" in lie and age_ms < lie["ms"]:
                    out = []
                elif lie.get("reads", 0) > 0:
                    lie["reads"] -= 1
                    out = []
            elif lie["kind"] == "field":
                out = [{**one, lie["name"]: lie["value"]} for one in out]
            elif lie["kind"] == "twice":
                out = out * 2
        return out

    def strangers(self):
        return [dict(lie["row"]) for lie in self.told if lie["kind"] == "stranger"]
