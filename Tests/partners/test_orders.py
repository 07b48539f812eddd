"""The partner that places orders, against a small desk: right, and wrong in one way at a time."""
import subprocess
import sys
import unittest

from stand_in import ENVIRONMENT, PARTNERS, document, vectors
from desk import Desk
from order_partner import Partner


class OrderPartnerTests(unittest.TestCase):
    def replay(self, name, defect=None):
        desk = Desk(defect)
        self.addCleanup(desk.server.close)
        partner = Partner(desk.server.base, arrange=desk.server.base + "/arrange", final=desk.server.base + "/final")
        return dict(partner.replay(document(name)))

    def test_a_desk_that_does_as_required_shows_no_difference(self):
        orders, carts = self.replay("order_api"), self.replay("commerce_orders")
        self.assertEqual((len(orders), len(carts)), (6, 9))
        self.assertEqual([one for one in (*orders.values(), *carts.values()) if one], [])

    def test_every_defect_of_a_desk_is_found(self):
        for defect, case in (("negative", "validation"), ("no-conflict", "conflict"), ("twice", "created_then_duplicate"),
                             ("rate", "center_metadata"), ("miscount", "conflict")):
            found = self.replay("order_api", defect)
            self.assertTrue(found[case], defect)

    def test_calls_are_signed(self):
        desk = Desk()
        self.addCleanup(desk.server.close)
        order = {"order_id": "o", "user_id": "u", "total_amount": "1", "pv_amount": "1", "channel": "POS"}
        partner, stranger = Partner(desk.server.base), Partner(desk.server.base, secret="other")
        self.assertEqual(stranger.place(order, "k")[0], 401)
        self.assertEqual(partner.place(order, "k", timestamp=1)[0], 401)
        self.assertEqual([partner.place(order, "k", nonce="once")[0] for _ in range(2)], [201, 401])
        self.assertEqual(partner.place(order, "k")[0], 200)

    def test_the_program_places_one_order(self):
        desk = Desk()
        self.addCleanup(desk.server.close)
        order = '{"order_id":"o","user_id":"u","total_amount":"1.50","pv_amount":"1"}'
        for key, code, answer in (("k", 0, "201 "), (None, 1, "400 ")):
            done = subprocess.run(
                [sys.executable, str(PARTNERS / "order_partner.py"), "--base", desk.server.base, "--place", order,
                 *(["--idempotency-key", key] if key else [])], capture_output=True, text=True, env=ENVIRONMENT, timeout=20)
            self.assertEqual((done.returncode, done.stdout[:4]), (code, answer), done.stderr)
        self.assertEqual(desk.orders["o"]["total_amount"], "1.50")

    def test_the_program_reports_and_ends_with_an_error_on_a_difference(self):
        for defect, code in ((None, 0), ("negative", 1)):
            desk = Desk(defect)
            self.addCleanup(desk.server.close)
            base = desk.server.base
            done = subprocess.run(
                [sys.executable, str(PARTNERS / "order_partner.py"), "--base", base, "--arrange", base + "/arrange", "--final", base + "/final",
                 "--replay", str(vectors("order_api"))], capture_output=True, text=True, env=ENVIRONMENT, timeout=20)
            self.assertEqual(done.returncode, code, done.stdout)
            self.assertTrue(done.stdout.rstrip().endswith(f"orders: {6 - code} passed, {code} failed"), done.stdout)
