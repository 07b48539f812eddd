"""The wallet API's stand-in against its description."""
import unittest
from decimal import Decimal

from stand_in import StandIn, document, read_json, vectors, write_json
from mblock import USDT, wire_body

OTHER = "0x" + "b0" * 20


class MBlockCase(unittest.TestCase):
    def setUp(self):
        self.server = StandIn("mblock")
        self.addCleanup(self.server.close)

    def call(self, method, key="test-key", timeout=5.0, **fields):
        headers = {"X-MBLOCK-Key": key} if key else {}
        status, kind, raw = self.server.post("/bsc", {"method": method, **fields}, headers, timeout)
        self.assertEqual((status, kind), (200, "application/json"))
        return read_json(raw)

    def refusal(self, method, **fields):
        said = self.call(method, **fields)
        self.assertEqual((said.keys(), said["result"]), ({"result", "message"}, False))
        return said["message"]

    def wallet(self, bnb="1", usdt="10"):
        made = self.call("requestWallet")
        self.server.do(do="mint", address=made["address"], amount=bnb)
        self.server.do(do="mint", address=made["address"], amount=usdt, contract=USDT)
        return made["address"], made["walletKey"]

    def balance(self, address, contract=None):
        return self.call("balanceOf", address=address, **({"contract": contract} if contract else {}))["amount"]


class MBlockTests(MBlockCase):
    def test_money_moves_once_and_leaves_a_receipt(self):
        address, key = self.wallet()
        said = self.call("transferByWalletKey", walletKey=key, to=OTHER, amount="0.05")
        self.assertEqual(said.keys(), {"result", "txid"})
        self.assertEqual((self.balance(address), self.balance(OTHER)), ("0.95", "0.05"))
        self.assertEqual(self.call("receiptByHash", txid=said["txid"]), {"result": True, "from": address, "to": OTHER, "amount": "0.05"})
        token = self.call("transferByWalletKey", walletKey=key, to=OTHER, amount="2", contract=USDT)
        self.assertEqual((self.balance(address, USDT), self.balance(OTHER, USDT)), ("8", "2"))
        self.assertEqual(self.call("receiptByHash", txid=token["txid"], contract=USDT)["amount"], "2")
        self.assertEqual(self.refusal("receiptByHash", txid=token["txid"]), "Contract address is incorrect")
        self.assertEqual(self.refusal("receiptByHash", txid=said["txid"], contract=USDT), "Transaction Logs not found")
        self.assertTrue(self.server.state()["conserved"])

    def test_every_refusal_is_the_described_one_and_moves_nothing(self):
        _, key = self.wallet()
        self.server.do(do="key", key="reads", methods=["balanceOf"])
        self.server.do(do="key", key="elsewhere", addresses=["10.0.0.0/8"])
        send = {"walletKey": key, "to": OTHER, "amount": "1"}
        for message, method, fields in (
                ("Not Found API Key", "balanceOf", {"key": None}), ("Invalid API Key", "balanceOf", {"key": "wrong"}),
                ("No API Permission", "transferByWalletKey", {"key": "reads"}), ("No API Permission", "gasConfig", {}),
                ("Invalid access from an unauthorized IP Address", "balanceOf", {"key": "elsewhere"}),
                ("Invalid Wallet Key", "transferByWalletKey", {**send, "walletKey": "wk-nobody"}),
                ("Unsupported token symbol", "transferByWalletKey", {**send, "contract": "USDT"}),
                ("Contract address is incorrect", "transferByWalletKey", {**send, "contract": OTHER}),
                ("Transfer volume is required", "transferByWalletKey", {**send, "amount": "1E+1"}),
                ("Transfer volume is required", "transferByWalletKey", {**send, "amount": 1}),
                ("Transfer volume is required", "transferByWalletKey", {**send, "amount": "0.0"}),
                ("Transfer volume is required", "transferByWalletKey", {**send, "amount": "0.1234567890123456789"}),
                ("Wallet address is incorrect", "transferByWalletKey", {**send, "to": "0xb0b"}),
                ("Wallet address is incorrect", "balanceOf", {"address": 5}),
                ("Not enough balance", "transferByWalletKey", {**send, "amount": "1.000000000000000001"}),
                ("Transaction receipt not found", "receiptByHash", {"txid": "0x00"}),
                ("Request volume is zero or not enough balance", "transitByWalletKey", None),
                ("Invalid Configuration", "transitByWalletKey", {**send, "contract": USDT}),
                ("Invalid Configuration", "transitConfig", {"config": {"fee": "0.1"}}),
                ("Invalid Configuration", "transitConfig", {"config": {"callback": "ftp://127.0.0.1/"}}),
                ("Invalid Configuration", "transitConfig", {"config": {"tip": 1}})):
            if fields is None:
                config = {"fee": 0, "feeWalletKey": key, "delay": 0, "count": 1, "callback": "http://127.0.0.1:1/"}
                fields = {**send, "contract": USDT, "amount": "11", "config": config}
            with self.subTest(message=message, method=method):
                self.assertEqual(self.refusal(method, **fields), message)
        self.assertEqual(self.server.state()["transactions"], [])

    def test_requests_beside_the_description_are_no_answers(self):
        for path, verb, kind, body, status in (
                ("/bsc/", "POST", "application/json", b'{"method":"balanceOf"}', 404), ("/bsc", "GET", "application/json", b"", 405),
                ("/bsc", "POST", "text/plain", b'{"method":"balanceOf"}', 415), ("/bsc", "POST", "application/json", b"[]", 400),
                ("/bsc", "POST", "application/json", b'{"method":"transitConfig","config":{"fee":2e-4}}', 400)):
            from stand_in import request
            got = request(self.server.port, verb, path, body, {"Content-Type": kind, "X-MBLOCK-Key": "test-key"})
            self.assertEqual(got[0], status, (path, verb, kind, body))

    def test_a_replaced_wallet_key_is_dead_at_once(self):
        address, key = self.wallet()
        fresh = self.call("refreshWallet", walletKey=key)["walletKey"]
        self.assertEqual(self.refusal("transferByWalletKey", walletKey=key, to=OTHER, amount="1"), "Wallet address has expired")
        self.assertTrue(self.call("transferByWalletKey", walletKey=fresh, to=OTHER, amount="1")["result"])
        self.assertEqual(self.balance(address), "0")

    def test_gas_is_paid_in_bnb_and_missing_gas_is_an_error_of_the_chain(self):
        address, key = self.wallet(bnb="0.001")
        self.server.do(do="gas", amount="0.0006")
        self.call("transferByWalletKey", walletKey=key, to=OTHER, amount="1", contract=USDT)
        self.assertEqual(self.balance(address), "0.0004")
        self.assertTrue(self.refusal("transferByWalletKey", walletKey=key, to=OTHER, amount="1", contract=USDT).startswith("RPCError: "))
        self.assertTrue(self.server.state()["conserved"])

    def test_a_transfer_that_is_not_confirmed_in_time_may_or_may_not_arrive(self):
        _, key = self.wallet()
        self.server.do(do="clock", now_ms=1_000_000)
        for drop, sent in ((False, 1), (True, 1)):
            self.server.do(do="confirm", ms=20_000, drop=drop)
            self.assertEqual(self.refusal("transferByWalletKey", walletKey=key, to=OTHER, amount="0.1"),
                             "Request Time out, Transaction receipt not found.")
            self.assertEqual(len(self.server.state()["transactions"]), sent)
        txid = self.server.state()["transactions"][0]["txid"]
        self.assertEqual(self.refusal("receiptByHash", txid=txid), "Transaction receipt not found")
        self.server.do(do="clock", now_ms=1_020_000)
        self.assertEqual(self.call("receiptByHash", txid=txid)["amount"], "0.1")

    def test_keys_rotate_side_by_side_and_are_revoked(self):
        self.server.do(do="key", key="next")
        self.assertTrue(all(self.call("requestWallet", key=key)["result"] for key in ("test-key", "next")))
        self.server.do(do="revoke", key="test-key")
        self.assertEqual(self.refusal("requestWallet"), "Invalid API Key")
        self.assertTrue(self.call("requestWallet", key="next")["result"])

    def test_too_many_calls_are_told_to_wait(self):
        self.server.do(do="rate-limit", calls=2, seconds=60)
        statuses = [self.server.post("/bsc", {"method": "requestWallet"}, {"X-MBLOCK-Key": "test-key"})[0] for _ in range(3)]
        self.assertEqual(statuses, [200, 200, 429])
        self.assertEqual(len(self.server.state()["wallets"]), 2)

    def test_ids_are_the_same_at_every_run_and_repeat_when_told(self):
        _, key = self.wallet()
        send = {"walletKey": key, "to": OTHER, "amount": "0.1"}
        first = self.call("transferByWalletKey", **send)["txid"]
        self.server.do(do="duplicate-id", kind="txid")
        self.assertEqual(self.call("transferByWalletKey", **send)["txid"], first)
        self.assertNotEqual(self.call("transferByWalletKey", **send)["txid"], first)
        self.assertEqual(len(self.server.state()["transactions"]), 3)
        self.server.do(do="reset")
        self.assertEqual(self.call("requestWallet")["walletKey"], key)

    def test_a_receipt_can_lie(self):
        _, key = self.wallet()
        for lie, seen in (({"kind": "missing"}, None), ({"kind": "field", "name": "amount", "value": "7"}, "7"),
                          ({"kind": "late", "reads": 1}, None), ({"kind": "field", "name": "to", "value": "0x" + "00" * 20}, "0.1")):
            self.server.do(do="clear-lies")
            self.server.do(do="lie", row="next", **lie)
            txid = self.call("transferByWalletKey", walletKey=key, to=OTHER, amount="0.1")["txid"]
            self.assertEqual(self.call("receiptByHash", txid=txid).get("amount"), seen)
        self.server.do(do="clear-lies")
        self.assertEqual(self.call("receiptByHash", txid=txid)["to"], OTHER)
        self.server.do(do="lie", kind="stranger", row={"txid": "0x77", "from": OTHER, "to": OTHER, "amount": "5"})
        self.assertEqual(self.call("receiptByHash", txid="0x77"), {"result": True, "from": OTHER, "to": OTHER, "amount": "5"})

    def test_an_order_that_nobody_knows_is_refused(self):
        for order in ({"do": "explode"}, {"do": "fault", "how": "explode"}, {"do": "mint", "address": "0x1", "amount": "1"}, {}, [],
                      {"do": "clock", "now": 1}):
            self.assertIn(self.server.post("/control", order)[0], (400, 421), order)


class FaultTests(MBlockCase):
    def payments(self):
        return len(self.server.state()["transactions"])

    def test_a_fault_says_what_is_done_and_what_is_seen(self):
        _, key = self.wallet(bnb="1000")
        body = write_json({"method": "transferByWalletKey", "walletKey": key, "to": OTHER, "amount": "1"}).encode()
        head = f"POST /bsc HTTP/1.1\r\nContent-Type: application/json\r\nX-MBLOCK-Key: test-key\r\nContent-Length: {len(body)}\r\n"
        for how, beginning, more in (
                ("answer", b"HTTP/1.1 200", {}), ("timeout", b"", {"seconds": 1}), ("close", b"", {}), ("cut", b"HTTP/1.1 200", {}),
                ("drip", b"HTTP/1.1 200", {"pause": 0}), ("twice", b"HTTP/1.1 200", {}), ("status", b"HTTP/1.1 503", {"status": 503}),
                ("garbage", b"HTTP/1.1 200", {}), ("cut-json", b"HTTP/1.1 200", {}), ("empty", b"HTTP/1.1 200", {}),
                ("scalar", b"HTTP/1.1 200", {}), ("wrong-type", b"HTTP/1.1 200", {}), ("refuse", b"HTTP/1.1 200", {"message": "Not enough balance"}),
                ("rate-limit", b"HTTP/1.1 429", {"retry_after": 7}), ("no-verdict", b"HTTP/1.1 200", {}), ("no-id", b"HTTP/1.1 200", {})):
            for executes in (0, 1, 2):
                with self.subTest(how=how, executes=executes):
                    before = self.payments()
                    self.server.do(do="fault", how=how, executes=executes, method="transferByWalletKey", **more)
                    got = self.server.raw(head.encode() + b"Connection: close\r\n\r\n" + body)
                    self.assertTrue(got.startswith(beginning), got)
                    self.assertEqual(bool(got), bool(beginning))
                    self.assertEqual(self.payments() - before, executes)
                    self.check(how, got)
        self.assertEqual(self.server.do(do="faults"), {"faults": []})

    def check(self, how, got):
        head, _, body = got.partition(b"\r\n\r\n")
        if how == "twice":
            self.assertEqual(got.count(b"HTTP/1.1 200"), 2)
        elif how == "wrong-type":
            self.assertIn(b"Content-Type: text/html", head)
        elif how == "rate-limit":
            self.assertIn(b"Retry-After: 7", head)
        elif how == "refuse":
            self.assertEqual(read_json(body), {"result": False, "message": "Not enough balance"})
        elif how == "no-verdict":
            self.assertEqual(read_json(body).keys(), {"txid"})
        elif how == "no-id":
            self.assertEqual(read_json(body), {"result": True})
        elif how in ("garbage", "cut-json", "empty"):
            self.assertRaises(ValueError, read_json, body)
        elif how == "cut":
            length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
            self.assertLess(len(body), length)
        elif how in ("answer", "drip"):
            self.assertEqual(read_json(body).keys(), {"result", "txid"})

    def test_a_reset_connection_is_reset(self):
        body = b'{"method":"requestWallet"}'
        asked = b"POST /bsc HTTP/1.1\r\nContent-Type: application/json\r\nX-MBLOCK-Key: test-key\r\nContent-Length: %d\r\n\r\n" % len(body)
        self.server.do(do="fault", how="close")
        self.assertEqual(self.server.raw(asked + body), b"")
        self.server.do(do="fault", how="reset")
        with self.assertRaises(ConnectionResetError):
            self.server.raw(asked + body)
        self.assertEqual(len(self.server.state()["wallets"]), 2)

    def test_a_drip_is_slow(self):
        self.server.do(do="fault", how="drip", executes=1, pause=1)
        with self.assertRaises(TimeoutError):
            self.call("requestWallet", timeout=0.3)

    def test_faults_come_with_the_program(self):
        server = StandIn("mblock", "--fault", "status:1:requestWallet:2")
        self.addCleanup(server.close)
        statuses = [server.post("/bsc", {"method": "requestWallet"}, {"X-MBLOCK-Key": "test-key"})[0] for _ in range(3)]
        self.assertEqual((statuses, len(server.state()["wallets"])), ([502, 502, 200], 3))

    def test_every_request_is_remembered(self):
        self.server.do(do="fault", how="close", executes=0)
        with self.assertRaises(Exception):
            self.call("requestWallet")
        self.call("requestWallet")
        seen = self.server.do(do="seen")["seen"]
        self.assertEqual([(one["method"], one["key"], one["fault"] is None) for one in seen],
                         [("requestWallet", "test-key", False), ("requestWallet", "test-key", True)])


class TransitTests(MBlockCase):
    def setUp(self):
        super().setUp()
        self.hook = StandIn("webhook_receiver")
        self.addCleanup(self.hook.close)

    def begin(self, bnb="0", **more):
        owner, key = self.wallet(bnb=bnb)
        purse = self.call("requestWallet")
        self.server.do(do="mint", address=purse["address"], amount="1")
        self.call("transitConfig", config={
            "fee": Decimal("0.0002"), "feeWalletKey": purse["walletKey"], "delay": 0, "count": 3, "callback": self.hook.base + "/callback/s3cret"})
        said = self.call("transitByWalletKey", walletKey=key, contract=USDT, to=OTHER, **more)
        return owner, said["token"]

    def callbacks(self, count):
        import time
        for _ in range(200):
            arrived = self.hook.state()["arrived"]
            if len(arrived) >= count:
                break
            time.sleep(0.02)
        return [read_json(one["body"]) for one in arrived]

    def test_configuration_is_read_replaced_and_reset(self):
        _, key = self.wallet()
        whole = {"fee": Decimal("0.0002"), "feeWalletKey": key, "delay": 5, "count": 3, "callback": "https://example.com/cb"}
        self.assertEqual(self.call("transitConfig", config=whole), {"result": True, "config": whole})
        self.assertEqual(self.call("transitConfig"), {"result": True, "config": whole})
        self.assertEqual(self.call("transitConfig", config={"delay": 1}), {"result": True, "config": {"delay": 1}})
        self.assertEqual(self.call("transitConfig", config={}), {"result": True, "config": {}})

    def test_a_transit_tops_up_the_fee_sends_and_calls_back(self):
        owner, token = self.begin(amount="1.5")
        [said] = self.callbacks(1)
        self.assertEqual((said["result"], said["token"], said.keys()), (True, token, {"result", "token", "txidFee", "txidToken"}))
        self.assertEqual(self.call("receiptByHash", txid=said["txidToken"], contract=USDT),
                         {"result": True, "from": owner, "to": OTHER, "amount": "1.5"})
        self.assertEqual(self.balance(owner), "0.0002")
        self.assertTrue(self.server.state()["conserved"])

    def test_without_an_amount_the_whole_balance_goes_and_no_fee_where_none_is_needed(self):
        owner, _ = self.begin(bnb="1")
        [said] = self.callbacks(1)
        self.assertNotIn("txidFee", said)
        self.assertEqual((self.balance(owner, USDT), self.balance(OTHER, USDT)), ("0", "10"))

    def test_a_callback_can_be_lost_doubled_or_lie(self):
        for how, count, result, sent in (("twice", 2, True, 1), ("early", 1, True, 0), ("denied", 1, False, 1), ("failed", 1, False, 0),
                                         ("stranger", 1, True, 1)):
            with self.subTest(how=how):
                self.hook.do(do="forget")
                self.server.do(do="reset")
                self.server.do(do="callback", how=how)
                _, token = self.begin(bnb="1", amount="1")
                said = self.callbacks(count)
                self.assertEqual([one["result"] for one in said], [result] * count)
                self.assertEqual([one["token"] == token for one in said], [how != "stranger"] * count)
                self.assertEqual(len(self.server.state()["transactions"]), sent)
        self.server.do(do="callback", how="lost")
        self.server.do(do="transits", hold=True)
        _, token = self.begin(bnb="1", amount="1")
        self.assertEqual(self.server.do(do="transits", hold=True), {"waiting": 1})
        self.server.do(do="transits")
        import time
        for _ in range(200):
            status = [one["status"] for one in self.server.state()["transits"] if one["token"] == token]
            if status == ["sent"]:
                break
            time.sleep(0.02)
        self.assertEqual(status, ["sent"])
        self.assertEqual(len(self.hook.state()["arrived"]), 1)


class ReplayTests(unittest.TestCase):
    """A client that does as the cases say is served every case; one that does otherwise is refused."""

    def setUp(self):
        self.server = StandIn("mblock", "--replay", vectors("mblock_wire"))

    def send(self, case, change=None, **headers):
        asked = case["expected_request"]
        body = {**asked["body"], **case.get("required_instead", {}), **(change or {})}
        return self.server.post(f"/{case['name']}/bsc", body, {"X-MBLOCK-Key": asked["headers"]["x-mblock-key"], **headers}, timeout=0.3)

    def test_every_case_is_served(self):
        cases = document("mblock_wire")["cases"]
        self.assertEqual(len(cases), 18)
        for case in cases:
            if case["expected"].get("error", {}).get("kind") == "network":
                self.assertRaises(TimeoutError, self.send, case)
                continue
            status, _, raw = self.send(case)
            self.assertEqual((status, read_json(raw)), (case["response_status"], case["response_body"]), case["name"])
        report = self.server.state()
        self.assertEqual((report["refused"], report["open"], len(report["served"])), ([], [], 18))
        self.assertEqual(self.server.close(), "")

    def test_any_other_request_is_refused_loudly(self):
        cases = {case["name"]: case for case in document("mblock_wire")["cases"]}
        transfer = cases["transfer_ok"]
        for how in (lambda: self.send(transfer, {"amount": "0.050"}), lambda: self.send(transfer, {"contract": ""}),
                    lambda: self.send(transfer, **{"X-MBLOCK-Key": "other"}), lambda: self.send(transfer, **{"Content-Type": "text/json"}),
                    lambda: self.send({**transfer, "name": "nothing"}),
                    lambda: self.server.post("/transfer_ok/bsc/", transfer["expected_request"]["body"], {"X-MBLOCK-Key": "test-key"}),
                    lambda: self.server.post("/transfer_ok/bsc", b"{")):
            self.assertEqual(how()[0], 421)
        self.assertEqual(self.send(transfer)[0], 200)
        self.assertEqual(self.send(transfer)[0], 421, "the same case twice")
        self.server.do(do="reset")
        self.assertEqual(self.send(transfer)[0], 200)
        self.assertEqual(self.server.state()["refused"], [])
        self.assertEqual(len(self.server.close().splitlines()), 8)


class ServiceReplayTests(unittest.TestCase):
    def test_the_calls_of_the_service_are_refused_and_answered_in_turn(self):
        server = StandIn("mblock", "--replay", vectors("wallet_service"))
        self.addCleanup(server.close)
        for case in document("wallet_service")["cases"]:
            calls = case["expected"]["upstream_calls"]
            for number, call in enumerate(calls):
                status, _, raw = server.post(f"/{case['name']}/bsc", wire_body(call), {"X-MBLOCK-Key": "test-key"})
                self.assertEqual((status, read_json(raw)["result"]), (200, number >= case["upstream_failures"]), case["name"])
            self.assertEqual(server.post(f"/{case['name']}/bsc", wire_body(call), {"X-MBLOCK-Key": "test-key"})[0], 421)
        report = server.state()
        self.assertEqual((report["open"], len(report["refused"])), ([], 15))
