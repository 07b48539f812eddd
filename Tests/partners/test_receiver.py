"""Signatures, the receiver of webhooks, and the stand-in of the secret store."""
import fcntl
import json
import os
import subprocess
import sys
import tempfile
import unittest

from stand_in import ENVIRONMENT, PARTNERS, StandIn, document, read_json, request, vectors
from signature import Gate, signature, signed_headers


class SignatureTests(unittest.TestCase):
    def test_recorded_signatures_are_made_and_accepted(self):
        cases = document("inbound_signature")["cases"]
        self.assertEqual(len(cases), 3)
        for case in cases:
            body = case["body"].encode()
            self.assertEqual(signature(case["secret"], case["timestamp"], case["nonce"], body), case["header"])
            gate = Gate({"k": case["secret"]}, now=lambda: int(case["timestamp"]))
            headers = {"x-aeg-key": "k", "x-aeg-timestamp": case["timestamp"], "x-aeg-nonce": case["nonce"], "x-aeg-signature": case["header"]}
            self.assertIsNone(gate.refusal(headers, body, "127.0.0.1"))
            self.assertEqual(gate.refusal(headers, body, "127.0.0.1"), (401, "nonce_used"))

    def test_whatever_does_not_fit_is_refused(self):
        now = [1_735_732_800]
        body = b"{}"

        def headers(secret="s", key="k", timestamp=now[0], nonce="n", **more):
            made = {name.lower(): value for name, value in signed_headers(key, secret, body, timestamp, nonce).items()}
            return {**made, **more}

        for gate, asked, sent, refusal in (
                ({}, headers(secret="t"), body, (401, "invalid_signature")), ({}, headers(key="x"), body, (401, "invalid_signature")),
                ({}, headers(), b"{} ", (401, "invalid_signature")), ({}, {}, body, (401, "invalid_signature")),
                ({}, headers(**{"x-aeg-signature": "sha256=é"}), body, (401, "invalid_signature")),
                ({}, headers(timestamp=now[0] + 301), body, (401, "timestamp_off")), ({}, headers(timestamp=now[0] - 301), body, (401, "timestamp_off")),
                ({}, headers(timestamp=now[0] + 300), body, None), ({}, headers(timestamp=now[0] - 300), body, None),
                ({}, headers(**{"x-aeg-secret": "s"}), body, (401, "secret_in_a_header")),
                ({"addresses": ["10.0.0.0/8"]}, headers(), body, (403, "address_not_allowed")),
                ({"addresses": ["127.0.0.0/8"]}, headers(), body, None), ({"calls": 0}, headers(), body, (429, "rate_limited"))):
            made = Gate({"k": "s"}, now=lambda: now[0], **gate)
            self.assertEqual(made.refusal(asked, sent, "127.0.0.1"), refusal, (gate, asked))

    def test_a_nonce_is_kept_for_ten_minutes(self):
        now = [1000]
        gate = Gate({"k": "s"}, now=lambda: now[0])

        def come(at):
            now[0] = at
            made = signed_headers("k", "s", b"", at, "n")
            return gate.refusal({name.lower(): value for name, value in made.items()}, b"", "127.0.0.1")
        self.assertEqual([come(1000), come(1599), come(1600)], [None, (401, "nonce_used"), None])


class ReceiverTests(unittest.TestCase):
    def setUp(self):
        self.hook = StandIn("webhook_receiver")
        self.addCleanup(self.hook.close)

    def test_alerts_callbacks_and_signed_calls_are_judged_by_their_shape(self):
        body = b'{"a":1}'
        for path, sent, headers, status in (
                ("/alerts/x", {"subject": "Test", "body": "Body"}, {}, 204), ("/alerts/x", {"subject": "Test"}, {}, 422),
                ("/alerts/x", {"subject": "Test", "body": 1}, {}, 422), ("/alerts/x", b"<html>", {}, 422),
                ("/alerts/x", {"subject": "Test", "body": "Body"}, {"Content-Type": "text/plain"}, 415),
                ("/callback/x", {"result": True, "token": "t"}, {}, 204), ("/callback/x", {"result": "yes", "token": "t"}, {}, 422),
                ("/signed/x", body, signed_headers("partner", "partner-secret", body), 204),
                ("/signed/x", body, signed_headers("partner", "other", body), 401), ("/nowhere", {}, {}, 404)):
            self.assertEqual(self.hook.post(path, sent, headers)[0], status, (path, sent))
        arrived = self.hook.state()["arrived"]
        self.assertEqual((len(arrived), arrived[0]["body"]), (10, '{"subject":"Test","body":"Body"}'))

    def test_it_fails_as_told(self):
        self.hook.do(do="status", status=500, times=2)
        alert = {"subject": "Test", "body": "Body"}
        self.assertEqual([self.hook.post("/alerts", alert)[0] for _ in range(3)], [500, 500, 204])
        self.hook.do(do="fault", how="timeout", seconds=1)
        self.assertRaises(TimeoutError, self.hook.post, "/alerts", alert, timeout=0.2)
        self.hook.do(do="limit", calls=0)
        self.assertEqual(self.hook.post("/signed", b"", signed_headers("partner", "partner-secret", b""))[0], 429)
        self.hook.do(do="addresses", addresses=["10.0.0.0/8"])
        self.assertEqual(self.hook.post("/signed", b"", signed_headers("partner", "partner-secret", b""))[0], 403)

    def challenge(self, text):
        status, _, raw = request(self.hook.port, "POST", "/turnstile/v0/siteverify", text, {"Content-Type": "application/x-www-form-urlencoded"})
        return status, read_json(raw)

    def test_a_challenge_counts_once(self):
        self.assertEqual(self.challenge(b"secret=test-secret&response=tok&remoteip=1.1.1.1"), (200, {"success": True}))
        self.assertEqual(self.challenge(b"secret=test-secret&response=tok"), (200, {"success": False, "error-codes": ["timeout-or-duplicate"]}))
        self.assertEqual(self.challenge(b"secret=x&response=tok2")[1]["error-codes"], ["invalid-input-secret"])
        self.assertEqual(self.challenge(b"secret=test-secret&response=bad1")[1]["success"], False)

    def test_every_recorded_challenge_and_alert_is_served(self):
        from urllib.parse import urlencode, urlsplit
        server = StandIn("webhook_receiver", "--replay", vectors("turnstile_webhook"))
        cases = document("turnstile_webhook")["cases"]
        self.assertEqual(len(cases), 12)
        for case in cases:
            asked = case["expected_request"]
            if not asked:
                self.assertEqual(server.post(f"/{case['name']}/turnstile/v0/siteverify", b"")[0], 421)
                continue
            path = urlsplit(asked["url"]).path
            if case["kind"] == "turnstile":
                status, _, raw = server.post(f"/{case['name']}{path}", urlencode(asked["form"]).encode(),
                                             {"Content-Type": "application/x-www-form-urlencoded"})
                if isinstance(case["response"], str):
                    self.assertEqual(raw.decode(), case["response"])
                else:
                    self.assertEqual(read_json(raw), case["response"])
            else:
                status = server.post(f"/webhook_{case['response_status']}{path}", asked["body"])[0]
            self.assertEqual(status, case["response_status"])
        report = server.state()
        self.assertEqual((report["open"], len(report["refused"]), len(report["served"])), ([], 1, 11))
        self.assertIn("empty_token", server.close())


class SecretStoreTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def aws(self, operation, *options, fault=""):
        done = subprocess.run(
            [sys.executable, str(PARTNERS / "secret_store.py"), "secretsmanager", operation, *options], capture_output=True, text=True, timeout=20,
            env={**ENVIRONMENT, "SECRET_STORE": os.path.join(self.folder, "secrets.json"), "SECRET_STORE_FAULT": fault})
        return done.returncode, done.stdout, done.stderr

    def get(self, *options, **more):
        return self.aws("get-secret-value", "--secret-id", "K", *options, **more)

    def test_a_secret_has_versions_and_stages(self):
        self.aws("create-secret", "--name", "K", "--secret-string", "one")
        code, out, _ = self.get("--output", "json", "--region", "eu-central-1")
        said = json.loads(out)
        self.assertEqual((code, said["SecretString"], said["VersionStages"], said["Name"]), (0, "one", ["AWSCURRENT"], "K"))
        self.assertEqual(said.keys(), {"ARN", "Name", "VersionId", "SecretString", "VersionStages", "CreatedDate"})
        path = os.path.join(self.folder, "text")
        with open(path, "w", encoding="utf-8") as file:
            file.write("two\n")
        next_id = json.loads(self.aws("put-secret-value", "--secret-id", said["ARN"], "--secret-string", "file://" + path,
                                      "--version-stages", "AWSPENDING")[1])["VersionId"]
        self.assertEqual(json.loads(self.get()[1])["SecretString"], "one")
        self.assertEqual(json.loads(self.get("--version-stage", "AWSPENDING")[1])["SecretString"], "two\n")
        self.aws("update-secret-version-stage", "--secret-id", "K", "--version-stage", "AWSCURRENT", "--move-to-version-id", next_id)
        self.assertEqual(json.loads(self.get()[1])["VersionId"], next_id)
        self.assertEqual(json.loads(self.get("--version-stage", "AWSPREVIOUS")[1])["SecretString"], "one")
        self.assertEqual(json.loads(self.get("--version-id", said["VersionId"])[1])["SecretString"], "one")
        self.aws("put-secret-value", "--secret-id", "K", "--secret-string", "three")
        stages = json.loads(self.aws("describe-secret", "--secret-id", "K")[1])["VersionIdsToStages"]
        self.assertEqual(sorted(map(tuple, stages.values())), [("AWSCURRENT",), ("AWSPENDING", "AWSPREVIOUS")])
        self.assertEqual(json.loads(self.get()[1])["SecretString"], "three")

    def test_errors_are_the_ones_of_the_command(self):
        code, out, complaint = self.get()
        self.assertEqual((code, out), (254, ""))
        self.assertIn("An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation:", complaint)
        self.aws("create-secret", "--name", "K", "--secret-string", "one")
        self.assertIn("staging label: AWSPENDING", self.get("--version-stage", "AWSPENDING")[2])
        self.assertIn("ResourceExistsException", self.aws("create-secret", "--name", "K", "--secret-string", "x")[2])
        for fault, code, word in (("denied", 254, "AccessDeniedException"), ("throttled", 254, "ThrottlingException"),
                                  ("expired-token", 254, "ExpiredTokenException"), ("unreachable", 255, "Could not connect")):
            got = self.get(fault=fault)
            self.assertEqual((got[0], got[1], word in got[2]), (code, "", True), got)
        self.assertEqual(self.get(fault="garbage")[1], "<html>\n")
        self.assertEqual(self.get(fault="empty")[1], "\n")
        self.assertNotIn("SecretString", json.loads(self.get(fault="no-string")[1]))
        code, out, _ = self.get(fault="killed")
        self.assertEqual(code, -9)
        self.assertRaises(ValueError, json.loads, out)
        self.aws("delete-secret", "--secret-id", "K")
        self.assertEqual(self.get()[0], 254)

    def test_a_writer_waits_for_the_other(self):
        self.aws("create-secret", "--name", "K", "--secret-string", "0")
        path = os.path.join(self.folder, "secrets.json")
        with open(path, encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            writer = subprocess.Popen(
                [sys.executable, str(PARTNERS / "secret_store.py"), "secretsmanager", "put-secret-value", "--secret-id", "K", "--secret-string", "1"],
                stdout=subprocess.DEVNULL, env={**ENVIRONMENT, "SECRET_STORE": path})
            self.assertRaises(subprocess.TimeoutExpired, writer.wait, 2)
        self.assertEqual(writer.wait(20), 0)
        self.assertEqual(json.loads(self.get()[1])["SecretString"], "1")
