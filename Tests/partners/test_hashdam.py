"""The pool's stand-in against its description."""
import unittest

from stand_in import StandIn, document, read_json, vectors
from hashdam import COINS

NOON = 1_735_732_800_000  # 2025-01-01 12:00 UTC


class HashDamCase(unittest.TestCase):
    def setUp(self):
        self.server = StandIn("hashdam")
        self.addCleanup(self.server.close)
        self.server.do(do="clock", now_ms=NOON + 10 * 86_400_000)

    def call(self, method, key="test-key", timeout=5.0, **fields):
        headers = {"X-HASHDAM-Key": key} if key else {}
        status, kind, raw = self.server.post("/v1", {"method": method, **fields}, headers, timeout)
        self.assertEqual((status, kind), (200, "application/json"))
        return read_json(raw)

    def data(self, method, **fields):
        said = self.call(method, **fields)
        self.assertEqual((said.keys(), said["code"]), ({"code", "data"}, 0))
        return said["data"]

    def refusal(self, method, **fields):
        said = self.call(method, **fields)
        self.assertEqual((said.keys(), said["code"]), ({"code", "message"}, 1))
        return said["message"]

    def history(self, name="assetWithdrawHistory", **fields):
        said = self.call(name, **fields)
        self.assertEqual((said.keys(), said["code"]), ({"code", "data", "pagination"}, 0))
        return said["data"], said["pagination"]


class HashDamTests(HashDamCase):
    def test_a_withdrawal_is_taken_once_and_stands_in_the_history(self):
        self.server.do(do="deposit", coin="PEP", amount="100")
        said = self.data("assetWithdrawRequest", coin="PEP", amount="30.0")
        self.assertEqual((said.keys(), said["coin"], said["amount"]), ({"withdrawId", "coin", "amount"}, "PEP", "30.0"))
        rows, page = self.history(withdrawId=said["withdrawId"])
        self.assertEqual(rows, [{
            "withdrawId": said["withdrawId"], "coin": "PEP", "amount": "30", "fee": "0", "address": None, "type": "interUser", "message": None,
            "status": "completed", "createAt": NOON + 864_000_000, "updateAt": NOON + 864_000_000}])
        self.assertEqual(page, {"totalPage": 1, "total": 1, "currentPage": 1, "count": 1, "hasNext": False})
        self.assertEqual(self.data("assetBalance")["asset"]["PEP"], {"balance": "70", "available": "70", "locked": "0"})
        self.assertTrue(self.server.state()["conserved"])

    def test_a_withdrawal_waits_and_ends_in_one_of_three_ways(self):
        self.server.do(do="deposit", coin="LTC", amount="10")
        self.server.do(do="settling", ms=None)
        for status, left in (("completed", "9"), ("canceled", "9"), ("failed", "9")):
            known = self.data("assetWithdrawRequest", coin="LTC", amount="1")["withdrawId"]
            self.assertEqual(self.history(withdrawId=known)[0][0]["status"], "pending")
            self.assertEqual(self.data("assetBalance")["asset"]["LTC"]["locked"], "1")
            self.server.do(do="settle", withdrawId=known, status=status)
            self.assertEqual(self.history(withdrawId=known)[0][0]["status"], status)
            self.assertEqual(self.data("assetBalance")["asset"]["LTC"], {"balance": left, "available": left, "locked": "0"})
        self.server.do(do="settling", ms=1000)
        self.server.do(do="outcome", status="canceled")
        known = self.data("assetWithdrawRequest", coin="LTC", amount="1")["withdrawId"]
        self.server.do(do="clock", now_ms=NOON + 864_000_999)
        self.assertEqual(self.history(withdrawId=known)[0][0]["status"], "pending")
        self.server.do(do="clock", now_ms=NOON + 864_001_000)
        self.assertEqual(self.history(withdrawId=known)[0][0]["status"], "canceled")
        self.assertTrue(self.server.state()["conserved"])

    def test_every_refusal_is_the_described_one_and_takes_nothing(self):
        self.server.do(do="deposit", coin="PEP", amount="5")
        self.server.do(do="key", key="reads", methods=["hashBalance"])
        self.server.do(do="key", key="elsewhere", addresses=["10.0.0.0/8"])
        self.server.do(do="register", coin="SHIC", registered=False)
        take = {"coin": "PEP", "amount": "1"}
        for message, method, fields in (
                ("Not Found API Key", "hashBalance", {"key": None}), ("Invalid API Key", "hashBalance", {"key": "wrong"}),
                ("No API Permission", "assetWithdrawRequest", {**take, "key": "reads"}), ("No API Permission", "projectinfo", {}),
                ("Invalid access from an unauthorized IP Address", "hashBalance", {"key": "elsewhere"}),
                ("Insufficient", "assetWithdrawRequest", {**take, "amount": "5.00000001"}),
                ("Invalid parameter: coin", "assetWithdrawRequest", {**take, "coin": "BTC"}),
                ("Invalid parameter: amount", "assetWithdrawRequest", {**take, "amount": "1E+2"}),
                ("Invalid parameter: amount", "assetWithdrawRequest", {**take, "amount": 1}),
                ("Invalid parameter: amount", "assetWithdrawRequest", {**take, "amount": "0"}),
                ("Invalid parameter: amount", "assetWithdrawRequest", {**take, "amount": "0.000000001"}),
                ("Withdrawal address is not registered", "assetWithdrawRequest", {**take, "coin": "SHIC"}),
                ("Invalid parameter: limit", "assetWithdrawHistory", {"limit": 1001}), ("Invalid parameter: limit", "assetWithdrawHistory", {"limit": "10"}),
                ("Invalid parameter: page", "assetWithdrawHistory", {"page": 0}), ("Invalid parameter: sort", "assetWithdrawHistory", {"sort": 1}),
                ("Invalid parameter: startDate", "assetWithdrawHistory", {"startDate": "20250101"}),
                ("Not Found Data", "hashRateDaily", {"date": "2025-01-11"}), ("Insufficient", "hashPowerSwap", {"amount": "651.5"})):
            with self.subTest(message=message, method=method):
                self.assertEqual(self.refusal(method, **fields), message)
        self.assertEqual(self.server.state()["withdrawals"], [])

    def test_histories_come_in_pages_of_days_and_either_way_round(self):
        self.server.do(do="deposit", coin="PEP", amount="100")
        self.server.do(do="deposit", coin="LTC", amount="100")
        for day in range(7):
            self.server.do(do="clock", now_ms=NOON + day * 86_400_000)
            self.data("assetWithdrawRequest", coin="LTC" if day == 3 else "PEP", amount=f"{day + 1}")
        amounts = lambda **fields: [row["amount"] for row in self.history(**fields)[0]]
        self.assertEqual(amounts(), ["7", "6", "5", "4", "3", "2", "1"])
        self.assertEqual(amounts(sort=False, limit=3, page=2), ["4", "5", "6"])
        self.assertEqual(amounts(startDate="2025-01-02", endDate="2025-01-04", coin="PEP"), ["3", "2"])
        self.assertEqual(self.history(limit=3, page=2)[1], {"totalPage": 3, "total": 7, "currentPage": 2, "count": 3, "hasNext": True})
        self.assertEqual(self.history(limit=3, page=3)[1]["hasNext"], False)
        self.assertEqual(self.history(page=9)[1], {"totalPage": 1, "total": 7, "currentPage": 9, "count": 0, "hasNext": False})

    def test_credit_is_charged_and_swapped(self):
        made = self.data("hashCreditCharge", **{"amount": "10", "from": "0xpayer"})
        self.assertEqual((made.keys(), made["coin"]), ({"chargeId", "address", "amount", "price", "coin"}, "USDT"))
        self.assertEqual(self.history("hashCreditChargeHistory")[0][0]["status"], "pending")
        self.server.do(do="complete-charge", chargeId=made["chargeId"])
        row = self.history("hashCreditChargeHistory", chargeId=made["chargeId"])[0][0]
        self.assertEqual((row["status"], row["credit"], row["from"], row["to"]), ("completed", "661.4", "0xpayer", made["address"]))
        swapped = self.data("hashPowerSwap", amount="61.4")
        self.assertEqual((swapped["credit"], swapped["power"], swapped["amount"]), ("600", "8410", "61.4"))
        self.assertEqual(self.data("hashBalance"), {"date": "2025-01-11", "credit": "600", "power": "8410"})
        self.assertEqual(self.history("hashPowerSwapHistory")[0][0]["period"], "3")

    def test_figures_of_a_day_appear_on_the_next_and_stay(self):
        latest = self.data("hashRateDaily")
        self.assertEqual((latest["date"], latest), ("2025-01-10", self.data("hashRateDaily", date="2025-01-10")))
        profit = self.data("profitDaily")
        self.assertEqual((profit.keys(), set(profit["profit"])), ({"date", "profit"}, set(COINS)))
        self.assertEqual(profit["profit"]["LTC"].keys(), {"total", "price"})
        self.assertNotEqual(profit, self.data("profitDailyMega"))
        self.assertEqual(self.data("hashRateRecently").keys(), self.data("hashRateRecentlyMega").keys())
        self.assertEqual(self.data("projectInfo").keys(), {"projectName", "coinExAccount", "createAt"})
        self.server.do(do="clock", now_ms=NOON + 11 * 86_400_000)
        self.assertEqual(self.data("hashRateDaily")["date"], "2025-01-11")

    def test_the_clock_of_the_pool_may_be_off(self):
        self.server.do(do="clock", skew_ms=-86_400_000)
        import time
        said = self.data("hashRateRecently")["timestamp"]
        self.assertLess(abs(said + 86_400_000 - time.time() * 1000), 60_000)


class LieTests(HashDamCase):
    def test_a_history_can_lie_and_the_truth_stays(self):
        self.server.do(do="deposit", coin="PEP", amount="1000")
        self.server.do(do="settling", ms=None)
        stranger = {"withdrawId": "0x99", "coin": "PEP", "amount": "1", "fee": "0", "address": None, "type": "interUser", "message": None,
                    "status": "completed", "createAt": NOON, "updateAt": NOON}
        for lie, seen in (({"kind": "missing", "row": "next"}, [[]]), ({"kind": "late", "row": "next", "reads": 2}, [[], [], ["1"]]),
                          ({"kind": "field", "row": "next", "name": "amount", "value": "2"}, [["2"]]),
                          ({"kind": "field", "row": "next", "name": "status", "value": "canceled"}, [["1"]]),
                          ({"kind": "twice", "row": "next"}, [["1", "1"]])):
            self.server.do(do="clear-lies")
            self.server.do(do="lie", **lie)
            known = self.data("assetWithdrawRequest", coin="PEP", amount="1")["withdrawId"]
            for one in seen:
                rows = self.history(withdrawId=known)[0]
                self.assertEqual([row["amount"] for row in rows], one, lie)
            if lie.get("name") == "status":
                self.assertEqual(rows[0]["status"], "canceled")
        self.server.do(do="lie", kind="stranger", row=stranger)
        self.assertEqual(self.history(withdrawId="0x99")[0], [stranger])
        self.assertEqual([row["amount"] for row in self.server.state()["withdrawals"]], ["1"] * 5)

    def test_late_by_time(self):
        self.server.do(do="deposit", coin="PEP", amount="1")
        self.server.do(do="lie", kind="late", row="next", ms=5000)
        self.data("assetWithdrawRequest", coin="PEP", amount="1")
        self.assertEqual(self.history()[0], [])
        self.server.do(do="clock", now_ms=NOON + 864_005_000)
        self.assertEqual(len(self.history()[0]), 1)

    def test_a_time_out_after_executing_leaves_one_row_and_a_second_call_makes_two(self):
        self.server.do(do="deposit", coin="PEP", amount="10")
        for executes, rows in ((0, 0), (1, 1), (2, 3)):
            self.server.do(do="fault", how="timeout", executes=executes, method="assetWithdrawRequest")
            with self.assertRaises(TimeoutError):
                self.call("assetWithdrawRequest", coin="PEP", amount="1", timeout=0.3)
            self.assertEqual(len(self.history()[0]), rows)
        self.server.do(do="duplicate-id", kind="withdrawal")
        self.data("assetWithdrawRequest", coin="PEP", amount="1")
        ids = [row["withdrawId"] for row in self.history()[0]]
        self.assertEqual((ids[0], len(ids)), (ids[1], 4))

    def test_a_refusal_can_be_untrue(self):
        self.server.do(do="deposit", coin="PEP", amount="10")
        self.server.do(do="fault", how="refuse", executes=1, message="Insufficient")
        self.assertEqual(self.refusal("assetWithdrawRequest", coin="PEP", amount="1"), "Insufficient")
        self.assertEqual(len(self.history()[0]), 1)
        self.server.do(do="fault", how="no-id", executes=1)
        self.assertEqual(self.data("assetWithdrawRequest", coin="PEP", amount="1"), {"coin": "PEP", "amount": "1"})
        self.server.do(do="fault", how="no-verdict", executes=1)
        self.assertEqual(self.call("assetWithdrawRequest", coin="PEP", amount="1").keys(), {"data"})


class ReplayTests(unittest.TestCase):
    def send(self, server, case):
        asked = case["expected_request"]
        headers = {"X-HASHDAM-Key": case["api_key"]} if case["api_key"] else {}
        return server.post(f"/{case['name']}/v1", {**asked["body"], **case.get("required_instead", {})}, headers, timeout=0.3)

    def test_every_case_is_served_exactly(self):
        server = StandIn("hashdam", "--replay", vectors("hashdam_wire"))
        cases = document("hashdam_wire")["cases"]
        self.assertEqual(len(cases), 17)
        for case in cases:
            if case["expected"].get("error", {}).get("kind") == "network":
                self.assertRaises(TimeoutError, self.send, server, case)
                continue
            status, _, raw = self.send(server, case)
            body = raw.decode() if isinstance(case["response_body"], str) else read_json(raw)
            self.assertEqual((status, body), (case["response_status"], case["response_body"]), case["name"])
        report = server.state()
        self.assertEqual((report["refused"], report["open"], len(report["served"])), ([], [], 17))
        self.assertEqual(server.close(), "")

    def test_a_key_where_none_belongs_and_an_exponent_are_refused(self):
        server = StandIn("hashdam", "--replay", vectors("hashdam_wire"))
        cases = {case["name"]: case for case in document("hashdam_wire")["cases"]}
        self.assertEqual(self.send(server, {**cases["balance_without_key"], "api_key": "test-key"})[0], 421)
        self.assertEqual(self.send(server, {**cases["balance_ok"], "api_key": None})[0], 421)
        self.assertEqual(self.send(server, {**cases["withdraw_exponent_amount"], "required_instead": {}})[0], 421)
        self.assertEqual(len(server.close().splitlines()), 3)

    def test_the_calls_of_the_service_are_refused_and_answered_in_turn(self):
        server = StandIn("hashdam", "--replay", vectors("mining_service"))
        self.addCleanup(server.close)
        for case in document("mining_service")["cases"]:
            body = {"method": "hashBalance"}
            if case["call"] == "request_withdrawal":
                body = {"method": "assetWithdrawRequest", **{name: case["arguments"][name] for name in ("coin", "amount")}}
            for number in range(case["expected"]["upstream_calls"]):
                status, _, raw = server.post(f"/{case['name']}/v1", body, {"X-HASHDAM-Key": "test-key"})
                self.assertEqual((status, read_json(raw)["code"]), (200, 0 if number >= case["upstream_failures"] else 1), case["name"])
        self.assertEqual((server.state()["open"], server.state()["refused"]), ([], []))
