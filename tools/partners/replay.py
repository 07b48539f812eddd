"""Recorded cases as a server: the request that a case tells is answered with exactly what the case recorded, any other is refused loudly.

A case has a path of its own before the partner's: a client of case `transfer_ok` is given `http://127.0.0.1:PORT/transfer_ok/bsc`. Cases may
share their request and differ in the answer, so the path is what tells them apart. Every step of a case is taken once, in order.

A request that differs gets HTTP 421 with the differences, which also go to standard error. `GET /control`: `{"served": [...], "refused":
[...], "open": [...]}`, where open are cases of which a step was not asked for; a test ends by looking that refused and open are empty.
`POST /control` with `{"do": "reset"}` begins anew.
"""
import sys
import threading

from wire import Answer, read_json, same, write_json


class Step:
    """One request and its answer. `headers`: exact values; None for a header that must be absent. `body`: JSON; `form`: fields of a form."""

    def __init__(self, path, headers, status, answer, body=None, form=None, isSilent=False):
        self.path, self.headers, self.body, self.form = path, headers, body, form
        # Text that is no JSON travels as it is.
        self.answer = Answer(status, answer if isinstance(answer, (bytes, str)) else write_json(answer), how="timeout" if isSilent else "answer")

    def differences(self, path, request):
        out = []
        if request.verb != "POST":
            out.append(f"verb: {request.verb}, not POST")
        if path != self.path:
            out.append(f"path: {path}, not {self.path}")
        for name, value in self.headers.items():
            if request.headers.get(name) != value:
                out.append(f"header {name}: {request.headers.get(name)!r}, not {value!r}")
        if self.form is not None:
            from urllib.parse import parse_qsl
            sent = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
            if sorted(sent) != sorted(self.form.items()):
                out.append(f"form: {sent}, not {self.form}")
            return out
        try:
            sent = request.json()
        except ValueError as problem:
            return out + [f"body: {problem}"]
        if not same(sent, self.body):
            out.append(f"body: {write_json(sent)}, not {write_json(self.body)}")
        return out


class Replay:
    def __init__(self):
        self.cases, self.at, self.lock = {}, {}, threading.Lock()
        self.served, self.refused = [], []

    def load(self, path, makers):
        """Adds the cases of a file; `makers`: suite -> function from the file to (name, steps)."""
        with open(path, "rb") as file:
            document = read_json(file.read())
        if document.get("suite") not in makers:
            raise SystemExit(f"replay: {path}: no server for the suite {document.get('suite')}; there are {sorted(makers)}")
        for name, steps in makers[document["suite"]](document):
            if name in self.cases:
                raise SystemExit(f"replay: two cases {name}")
            self.cases[name] = steps
        return self

    def handle(self, request):
        if request.path == "/control":
            return self.control(request)
        name, _, rest = request.path.lstrip("/").partition("/")
        with self.lock:
            at = self.at.get(name, 0)
            if name not in self.cases:
                problems = [f"no case {name}"]
            elif at >= len(self.cases[name]):
                problems = [f"asked {at + 1} times, recorded {at}"]
            else:
                problems = self.cases[name][at].differences("/" + rest, request)
            if problems:
                self.refused.append({"case": name, "step": at + 1, "differences": problems})
                print(f"replay: {name}, step {at + 1}: {'; '.join(problems)}", file=sys.stderr, flush=True)
                return Answer(421, {"case": name, "step": at + 1, "differences": problems})
            self.at[name] = at + 1
            self.served.append(f"{name}/{at + 1}")
            return self.cases[name][at].answer

    def control(self, request):
        with self.lock:
            if request.verb != "GET":
                if not same(request.json(), {"do": "reset"}):
                    return Answer(400, {"error": "a replay knows only reset"})
                self.at, self.served, self.refused = {}, [], []
            left = [name for name, steps in self.cases.items() if self.at.get(name, 0) < len(steps)]
            return Answer(200, {"served": self.served, "refused": self.refused, "open": left, "cases": list(self.cases)})


def wire_cases(document):
    """`mblock_wire.json`, `hashdam_wire.json`: one call a case. A time-out is silence; what is required wins over what was observed."""
    from urllib.parse import urlsplit
    for case in document["cases"]:
        asked, expected = case["expected_request"], case["expected"]
        body = {**asked["body"], **case.get("required_instead", {})}
        headers = dict(asked["headers"])
        key = [name for name in ("x-mblock-key", "x-hashdam-key") if document["suite"].startswith(name[2:-4])][0]
        headers.setdefault(key, None)
        yield case["name"], [Step(
            urlsplit(asked["url"]).path, headers, case["response_status"], case["response_body"], body,
            isSilent=expected.get("error", {}).get("kind") == "network")]
