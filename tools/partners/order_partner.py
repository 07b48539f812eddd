#!/usr/bin/env python3
"""A partner that places orders: signs its calls, replays the recorded cases against a base URL, and reports every difference.

  order_partner.py --base http://127.0.0.1:8080 --replay Tests/Vectors/wallet-mining/order_api.json --arrange URL --final URL
  order_partner.py --base http://127.0.0.1:8080 --replay Tests/Vectors/wallet-mining/commerce_orders.json
  order_partner.py --base http://127.0.0.1:8080 --place '{"order_id": "o-1", "user_id": "u-1", "total_amount": "200", ...}' --idempotency-key k1

The key of an order travels in the header `Idempotency-Key`; where a case has it in the body, it moves there. What a case requires wins over
what was observed. `--arrange`: before each case the partner posts `{"case", "members_under_root"}` there, and expects 2xx: an empty desk with
a root and these members in both trees. `--final`: afterwards it reads `{"orders", "keys", "bonuses", "conflicts"}` there, as the case's own
`final` has them. Without these two only the answers are compared. Ids of bonuses are anybody's choice: they must be as many and all differ.
Carts of commerce_orders.json are added up here, compared with the recorded totals, and placed as orders.

Exit code 0: no difference. The key is `partner`, the secret `partner-secret` unless AEG_KEY and AEG_SECRET say otherwise.
"""
import argparse
import http.client
import os
import re
import sys
from decimal import ROUND_HALF_EVEN, Decimal
from urllib.parse import urlsplit

from signature import signed_headers
from wire import read_json, same, write_json

ROUTE = "/aegmall/orders"
CENT_OF_CENT = Decimal("0.0001")


class Partner:
    def __init__(self, base, key="partner", secret="partner-secret", arrange=None, final=None):
        self.base, self.key, self.secret, self.arrange_url, self.final_url = base.rstrip("/"), key, secret, arrange, final

    def call(self, verb, url, body=b"", headers=()):
        at = urlsplit(url)
        connection = http.client.HTTPConnection(at.hostname, at.port or 80, timeout=30)
        try:
            connection.request(verb, at.path + (f"?{at.query}" if at.query else ""), body, dict(headers))
            answer = connection.getresponse()
            raw = answer.read()
            return answer.status, (answer.getheader("Content-Type") or "").split(";")[0], raw
        finally:
            connection.close()

    def place(self, order, idempotency_key, **signing):
        """Places one order: status, and the JSON of the answer or None."""
        body = write_json(order).encode()
        headers = {"Content-Type": "application/json", **signed_headers(self.key, self.secret, body, **signing)}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        status, kind, raw = self.call("POST", self.base + ROUTE, body, headers)
        try:
            return status, read_json(raw) if kind in ("application/json", "application/problem+json") else None
        except ValueError:
            return status, None

    # Replays: each yields (case, differences)

    def replay(self, document):
        return {"order_api": self.order_api, "commerce_orders": self.commerce}[document["suite"]](document)

    def order_api(self, document):
        for case in document["cases"]:
            differences = []
            self.arrange(case, differences)
            for number, step in enumerate(case["steps"], 1):
                order = dict(step["request"]["body"])
                status, said = self.place(order, order.pop("idempotency_key", None))
                differences += [f"step {number}: {one}" for one in step_differences(step, status, said)]
            if self.final_url:
                differences += self.final_differences(case)
            yield case["name"], differences

    def arrange(self, case, differences):
        if self.arrange_url:
            body = write_json({"case": case["name"], "members_under_root": case["members_under_root"]}).encode()
            status, _, _ = self.call("POST", self.arrange_url, body, {"Content-Type": "application/json"})
            if status // 100 != 2:
                differences.append(f"arrange: {status}")

    def final_differences(self, case):
        _, _, raw = self.call("GET", self.final_url)
        found, wanted, out = read_json(raw), case.get("required_final", case["final"]), []
        for name in ("orders", "keys"):
            if not same(sorted(found[name], key=str), sorted(wanted[name], key=str)):
                out.append(f"final {name}: {write_json(found[name])}, not {write_json(wanted[name])}")
        ids = [row[0] for row in found["bonuses"]]
        if len(set(ids)) != len(ids):
            out.append(f"final bonuses: an id stands twice in {ids}")
        rows = [[sorted(f"{row[1:4]} {Decimal(row[4]).normalize():f}" for row in side)] for side in (found["bonuses"], wanted["bonuses"])]
        if rows[0] != rows[1]:
            out.append(f"final bonuses: {rows[0]}, not {rows[1]}")
        records = sum(step.get("required", {}).get("record") == "FAILED_CONFLICT" for step in case["steps"])
        if len(found.get("conflicts", [])) != records:
            out.append(f"final conflicts: {found.get('conflicts')}, not {records}")
        return out

    def commerce(self, document):
        for case in document["cases"]:
            expected, differences = case["expected"], []
            try:
                order = cart(case)
            except Refusal as refusal:
                if not same(expected.get("error"), {"type": refusal.kind, "message": str(refusal)}):
                    differences.append(f"refused here: {refusal}, recorded: {write_json(expected)}")
                yield case["name"], differences
                continue
            for name in ("total_amount", "pv_amount", "metadata"):
                if not same(order[name], expected.get(name)):
                    differences.append(f"{name}: {write_json(order[name])}, not {write_json(expected.get(name))}")
            placed = {"order_id": f"{case['name']}-1", "user_id": f"buyer of {case['name']}", **order, "channel": "ONLINE"}
            status, said = self.place(placed, f"{case['name']}-key")
            if status != 201 or not isinstance(said, dict) or said.get("status") != "created" or said.get("order_id") != placed["order_id"]:
                differences.append(f"placed: {status} {write_json(said)}")
            yield case["name"], differences


class Refusal(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def cart(case):
    """The totals and lines of a recorded cart."""
    products, lines, totals = {one["id"]: one for one in case["products"]}, [], [Decimal(0), Decimal(0)]
    if not case["items"]:
        raise Refusal("EmptyOrderError", "Order must contain at least one item.")
    for item in case["items"]:
        product, quantity = products.get(item["product_id"]), item["quantity"]
        if quantity <= 0:
            raise Refusal("CommerceError", "Quantity must be positive.")
        if product is None or product["status"].lower() != "active":
            raise Refusal("ProductUnavailableError", f"Product '{item['product_id']}' is unavailable.")
        amounts = [(Decimal(product[name]) * quantity).quantize(CENT_OF_CENT, ROUND_HALF_EVEN) for name in ("price", "pv")]
        totals = [total + amount for total, amount in zip(totals, amounts)]
        lines.append({"product_id": product["id"], "name": product["name"], "quantity": quantity, "unit_price": product["price"],
                      "unit_pv": product["pv"], "line_amount": f"{amounts[0]:f}", "line_pv": f"{amounts[1]:f}"})
    return {"total_amount": f"{totals[0]:f}", "pv_amount": f"{totals[1]:f}", "metadata": {"lines": lines, **(case["metadata"] or {})}}


def step_differences(step, status, said):
    expected, required = step["expected"], step.get("required", {})
    wanted = required.get("status", expected["status"])
    named = re.search(r"refused with ([0-9]{3})", required.get("rule", ""))
    if named:
        wanted = int(named.group(1))
    if status != wanted:
        return [f"status {status}, not {wanted}: {write_json(said)}"]
    if not isinstance(said, dict):
        return [f"no JSON object in an answer with {status}"]
    body = expected["body"]
    if status >= 400:
        # Texts are informative, but for the one that the service's own rules fix; the body of every error carries detail.
        wanted_text = "idempotency_key_required" if status == 400 else body.get("detail") if isinstance(body, dict) else None
        if "detail" not in said or wanted_text is not None and said["detail"] != wanted_text:
            return [f"detail {said.get('detail')!r}, not {wanted_text!r}"]
        return []
    out, bonuses = [], required.get("bonuses_created", body["bonuses_created"] if isinstance(body, dict) else 0)
    if isinstance(body, dict):
        out += [f"{name}: {said.get(name)}, not {body[name]}" for name in ("status", "order_id") if said.get(name) != body[name]]
    ids = said.get("bonus_ids")
    if said.get("bonuses_created") != bonuses:
        out.append(f"bonuses_created: {said.get('bonuses_created')}, not {bonuses}")
    if not isinstance(ids, list) or len(ids) != bonuses or len(set(ids)) != bonuses:
        out.append(f"bonus_ids: {ids}, not {bonuses} that differ")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--replay", metavar="FILE", action="append", default=[])
    parser.add_argument("--arrange", metavar="URL")
    parser.add_argument("--final", metavar="URL")
    parser.add_argument("--place", metavar="JSON")
    parser.add_argument("--idempotency-key")
    options = parser.parse_args()
    partner = Partner(options.base, os.environ.get("AEG_KEY", "partner"), os.environ.get("AEG_SECRET", "partner-secret"), options.arrange,
                      options.final)
    if options.place:
        status, said = partner.place(read_json(options.place), options.idempotency_key)
        print(status, write_json(said))
        return 0 if status in (200, 201) else 1
    good, bad = 0, 0
    for path in options.replay:
        with open(path, "rb") as file:
            document = read_json(file.read())
        for name, differences in partner.replay(document):
            good, bad = good + (not differences), bad + bool(differences)
            for one in differences:
                print(f"{document['suite']} {name}: {one}")
    print(f"orders: {good} passed, {bad} failed")
    return 1 if bad or not good else 0


if __name__ == "__main__":
    sys.exit(main())
