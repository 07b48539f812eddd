#!/usr/bin/env python3
"""Receives what is posted to others: alerts, signed calls, callbacks of transits, questions of the login challenge.

  python3 tools/partners/webhook_receiver.py                   # prints its port, ends when standard input closes
  python3 tools/partners/webhook_receiver.py --replay Tests/Vectors/wallet-mining/turnstile_webhook.json   # recorded answers only, see replay.py

  POST /alerts...                 `{"subject", "body"}` and nothing else, both text: 204, else 422
  POST /signed...                 a call signed as signature.py says, with key `partner` and secret `partner-secret`: 204, else 401, 403, 429
  POST /callback...               a transit's callback of the wallet API: 204 when it has result and token, else 422
  POST /turnstile/v0/siteverify   a form with secret and response: `test-secret`; every response counts once, and one that begins with
                                  `bad` never
  GET  /control                   everything that arrived, and how it was answered
  POST /control                   {"do": "status", "status": N, "times": N}: answers so instead; {"do": "fault", ...} as faults.py says;
                                  {"do": "keys", "keys": {key: secret}}, {"do": "addresses", "addresses": [CIDR]},
                                  {"do": "limit", "calls": N}; {"do": "forget"}
"""
import argparse
import threading
from urllib.parse import parse_qsl, urlsplit

from faults import Faults
from replay import Replay, Step
from signature import Gate
from wire import Answer, serve_until_input_ends

KEYS = {"partner": "partner-secret"}


class Receiver:
    def __init__(self):
        self.lock, self.arrived, self.faults, self.challenges = threading.Lock(), [], Faults(), set()
        self.keys, self.addresses, self.calls = dict(KEYS), [], None
        self.gate = Gate(self.keys)

    def handle(self, request):
        if request.path == "/control":
            return self.control(request)
        with self.lock:
            fault = self.faults.take(request.path)
            answer = self.answer(request) if request.verb == "POST" else Answer(405, {"error": "POST"})
            if fault is not None and fault.how == "status":
                answer = Answer(fault.get("status", 500), {})
            elif fault is not None:
                answer.how, answer.seconds = fault.how, fault.get("seconds", 30)
            self.arrived.append({"path": request.path, "headers": request.headers, "body": request.body.decode("utf-8", "replace"),
                                 "status": answer.status, "why": getattr(answer, "why", None)})
            return answer

    def answer(self, request):
        path = urlsplit(request.path).path
        if path.startswith("/signed"):
            refusal = self.gate.refusal(request.headers, request.body, request.address)
            return self.refused(*refusal) if refusal else Answer(204, b"", kind=None)
        if path == "/turnstile/v0/siteverify":
            return self.challenge(dict(parse_qsl(request.body.decode("utf-8", "replace"))))
        if request.headers.get("content-type") != "application/json":
            return self.refused(415, "not application/json")
        try:
            said = request.json()
        except ValueError as problem:
            return self.refused(422, str(problem))
        if path.startswith("/alerts"):
            isWell = isinstance(said, dict) and said.keys() == {"subject", "body"} and all(isinstance(one, str) for one in said.values())
        elif path.startswith("/callback"):
            isWell = isinstance(said, dict) and isinstance(said.get("result"), bool) and isinstance(said.get("token"), str)
        else:
            return self.refused(404, "no such address")
        return Answer(204, b"", kind=None) if isWell else self.refused(422, "other fields")

    def refused(self, status, why):
        answer = Answer(status, {"detail": why})
        answer.why = why
        return answer

    def challenge(self, form):
        if form.get("secret") != "test-secret":
            return Answer(200, {"success": False, "error-codes": ["invalid-input-secret"]})
        response = form.get("response", "")
        if not response or response.startswith("bad"):
            return Answer(200, {"success": False, "error-codes": ["invalid-input-response"]})
        if response in self.challenges:
            return Answer(200, {"success": False, "error-codes": ["timeout-or-duplicate"]})
        self.challenges.add(response)
        return Answer(200, {"success": True})

    def control(self, request):
        with self.lock:
            if request.verb == "GET":
                return Answer(200, {"arrived": self.arrived})
            order = request.json()
            name = order.get("do")
            if name == "fault":
                self.faults.add({"method": "*", **order})
            elif name == "status":
                self.faults.add({"how": "status", "status": order["status"], "times": order.get("times", 1)})
            elif name == "forget":
                self.arrived = []
            elif name in ("keys", "addresses", "limit"):
                setattr(self, {"limit": "calls"}.get(name, name), order[{"limit": "calls"}.get(name, name)])
                self.gate = Gate(self.keys, self.addresses, self.calls)
            else:
                return Answer(400, {"error": f"no order {name}"})
            return Answer(200, {"done": True})


def challenge_cases(document):
    """`turnstile_webhook.json`. The path is the one of the real address; a case that must not call has no step."""
    for case in document["cases"]:
        asked = case["expected_request"]
        if case["kind"] == "turnstile":
            steps = [Step(urlsplit(asked["url"]).path, {"content-type": "application/x-www-form-urlencoded"}, case["response_status"],
                          text_in(case["response"]), form=asked["form"])] if asked else []
            yield case["name"], steps
        else:
            yield f"webhook_{case['response_status']}", [Step(
                urlsplit(asked["url"]).path, {"content-type": asked["content_type"]}, case["response_status"], {}, asked["body"])]


def text_in(response):
    """Text in a case stands for bytes that are no JSON."""
    return response if isinstance(response, (dict, str)) else "null"


REPLAYS = {"turnstile_webhook": challenge_cases}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--replay", metavar="FILE")
    options = parser.parse_args()
    serve_until_input_ends(Replay().load(options.replay, REPLAYS).handle if options.replay else Receiver().handle, options.port)


if __name__ == "__main__":
    main()
