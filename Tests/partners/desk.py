"""The smallest desk that takes a partner's orders as the specification requires: for trying the partner, never for anything else.

`defect` makes it wrong in one way, so that a test sees the partner find it.
"""
import hashlib
import json
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal, InvalidOperation

from signature import Gate
from wire import Answer, Server, write_json

DIRECT = (("share", "5", None), ("center", "8", "center_user_id"), ("center_referral", "2", "center_referrer_user_id"))


class Desk:
    def __init__(self, defect=None):
        self.defect, self.gate = defect, Gate({"partner": "partner-secret"})
        self.clear([])
        self.server = Server(self.handle)

    def clear(self, members):
        self.members, self.orders, self.keys, self.bonuses, self.conflicts = set(members), {}, {}, [], []

    def handle(self, request):
        if request.path == "/arrange":
            self.clear(request.json()["members_under_root"])
            return Answer(204, b"", kind=None)
        if request.path == "/final":
            return Answer(200, {
                "orders": [[one, "PAID"] for one in self.orders], "conflicts": self.conflicts,
                "keys": [[key, f"aegmall:{user}", "SUCCEEDED", row["order"]] for (user, key), row in self.keys.items()],
                "bonuses": [[f"bonus-{number}", *row] for number, row in enumerate(self.bonuses, 1)]})
        refusal = self.gate.refusal(request.headers, request.body, request.address)
        if refusal and self.defect != "open-door":
            return Answer(refusal[0], {"detail": refusal[1]})
        return self.take(request)

    def take(self, request):
        key = request.headers.get("idempotency-key")
        if key is None:
            return Answer(400, {"detail": "idempotency_key_required"})
        order = request.json()
        try:
            total, points = Decimal(order["total_amount"]), Decimal(order["pv_amount"])
        except (InvalidOperation, KeyError):
            return Answer(422, {"detail": "amount"})
        if total <= 0 and self.defect != "negative":
            return Answer(422, {"detail": "amount"})
        digest = hashlib.sha256(json.dumps(json.loads(write_json(order)), sort_keys=True).encode()).hexdigest()
        known = self.keys.get((order["user_id"], key))
        if known and known["digest"] != digest:
            if self.defect != "no-conflict":
                self.conflicts.append(key)
            return Answer(409, {"detail": "Idempotency key reused with different payload."})
        if known and self.defect != "twice":
            return Answer(200, {"status": "duplicate", "order_id": order["order_id"], "bonuses_created": 0, "bonus_ids": []})
        self.keys[order["user_id"], key] = {"digest": digest, "order": order["order_id"]}
        self.orders[order["order_id"]] = order
        made = self.distribute(order, total, points) if order["user_id"] in self.members else []
        first = len(self.bonuses) if self.defect != "colliding-ids" else 0
        self.bonuses += made
        return Answer(201, {"status": "created", "order_id": order["order_id"], "bonuses_created": len(made) + (self.defect == "miscount"),
                            "bonus_ids": [f"bonus-{first + number}" for number in range(1, len(made) + 1)]})

    def distribute(self, order, total, points):
        rows = [["root", name, 1, f"{(points * Decimal(rate)).quantize(Decimal('0.0001'), ROUND_HALF_EVEN):f}"]
                for name, rate in (("recommend", "0.30"), ("sponsor", "0.01"))]
        if self.defect == "rate":
            rows[0][3] = "35.9999"
        for name, percent, field in DIRECT:
            user = order["user_id"] if field is None else (order.get("metadata") or {}).get(field)
            if user is not None:
                rows.append([user, name, 0, f"{(total * Decimal(percent) / 100).quantize(Decimal('0.00000001'), ROUND_DOWN):f}"])
        return rows
