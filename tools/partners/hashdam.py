#!/usr/bin/env python3
"""A stand-in for the HashDam pool API v1, written from its description: POST to /v1, `{"code": 0, "data": ...}` back.

  python3 tools/partners/hashdam.py                                   # prints its port, ends when standard input closes
  python3 tools/partners/hashdam.py --fault timeout:1:assetWithdrawRequest
  python3 tools/partners/hashdam.py --replay Tests/Vectors/wallet-mining/hashdam_wire.json   # recorded answers only, see replay.py

It holds credit, power, eight coins and the histories of charges, swaps and withdrawals. It has no idempotency key, like the original:
whoever asks twice withdraws twice. The key is `test-key`. Faults, keys, clock: partner.py. Its own orders on /control:

  deposit     "coin", "amount": of a coin, of "credit" or of "power"
  settle      "withdrawId" (without: all that are pending), "status": completed, canceled or failed
  settling    "ms" until a withdrawal is completed by itself; null: never, only by settle. 0 unless set
  outcome     "status" of the next withdrawal, instead of completed
  register    "coin", "registered": whether its payout address is registered; all are unless told
  complete-charge   "chargeId": paid, so that its credit arrives

Figures of a day are made from its date and are the same at every run; they appear after 00:00 UTC of the next day. What the description
leaves open is decided so: a method that does not exist is "No API Permission"; a field out of range is "Invalid parameter: NAME"; too little
of a coin is "Insufficient"; a date without figures is "Not Found Data"; a swap turns credit into as much power and is completed at once.
"""
import datetime
import hashlib

from partner import Ids, Partner, Refused, run
from replay import Step, wire_cases
from wire import text_of, units

COINS = ("LTC", "DOGE", "BELLS", "LKY", "PEP", "JKC", "DINGO", "SHIC")
SCALE, PROFIT_SCALE = 8, 12
FIRST_DAY = datetime.date(2025, 1, 1)
UTC = datetime.timezone.utc


def day_of(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, UTC).date()


def drawn(text, below):
    """A number that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below


class State:
    def __init__(self, seed, now_ms):
        self.ids, self.created_ms = Ids(seed), now_ms
        self.credit, self.power = units("651.4", SCALE), units("8348.6", SCALE)
        self.free, self.locked = dict.fromkeys(COINS, 0), dict.fromkeys(COINS, 0)
        self.taken, self.deposited = dict.fromkeys(COINS, 0), dict.fromkeys(COINS, 0)
        self.withdrawals, self.charges, self.swaps = [], [], []
        self.pending, self.numbers = [], {}  # rows that wait; id -> numbers of its rows
        self.settling_ms, self.outcomes, self.unregistered = 0, [], set()

    def settle(self, row, status, now_ms):
        self.locked[row["coin"]] -= row["amount"]
        if status == "completed":
            self.taken[row["coin"]] += row["amount"]
        else:
            self.free[row["coin"]] += row["amount"]
            row["message"] = "Withdrawal failed" if status == "failed" else "Withdrawal canceled"
        row.update(status=status, updateAt=now_ms)
        self.pending.remove(row)

    def advance(self, now_ms):
        """Ends what has waited long enough."""
        if self.settling_ms is None:
            return
        for row in list(self.pending):
            if row["createAt"] + self.settling_ms <= now_ms:
                self.settle(row, row["outcome"], row["createAt"] + self.settling_ms)


class HashDam(Partner):
    path, key_header, verdict, ids_in = "/v1", "x-hashdam-key", "code", ("withdrawId", "chargeId", "swapId")

    def opening(self):
        return State(self.seed, self.clock.now_ms())

    def succeeded(self, data):
        # A history brings its pages beside its data.
        return {"code": 0, **data} if isinstance(data, dict) and "pagination" in data else {"code": 0, "data": data}

    def refused(self, message):
        return {"code": 1, "message": message}

    def rows(self):
        return len(self.state.withdrawals)

    def once(self, request, asked):
        self.state.advance(self.clock.now_ms())
        return super().once(request, asked)

    # Fields

    def amount(self, fields, name="amount"):
        amount = units(fields.get(name), SCALE)
        if not amount:
            raise Refused(f"Invalid parameter: {name}")
        return amount

    def date(self, fields, name):
        if fields.get(name) is None:
            return None
        try:
            day = datetime.date.fromisoformat(fields[name])
        except (TypeError, ValueError):
            raise Refused(f"Invalid parameter: {name}") from None
        if day.isoformat() != fields[name]:
            raise Refused(f"Invalid parameter: {name}")
        return day

    def day(self, fields):
        """The day that is asked for, else the latest one with figures."""
        latest = day_of(self.clock.now_ms()) - datetime.timedelta(days=1)
        day = self.date(fields, "date") or latest
        if not FIRST_DAY <= day <= latest:
            raise Refused("Not Found Data")
        return day

    def page(self, fields, rows, id_name):
        """The rows that are asked for, newest first unless `sort` is false, and the description of the page."""
        number, limit, isNewestFirst = fields.get("page", 1), fields.get("limit", 10), fields.get("sort", True)
        for name, value, least, most in (("page", number, 1, 1 << 31), ("limit", limit, 1, 1000)):
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise Refused(f"Invalid parameter: {name}")
        if not isinstance(isNewestFirst, bool):
            raise Refused("Invalid parameter: sort")
        start, end, wanted = self.date(fields, "startDate"), self.date(fields, "endDate"), fields.get(id_name)
        rows = [row for row in rows if (start is None or day_of(row["createAt"]) >= start)
                and (end is None or day_of(row["createAt"]) <= end) and (wanted is None or row[id_name] == wanted)]
        if isNewestFirst:
            rows = rows[::-1]
        shown = rows[(number - 1) * limit:number * limit]
        pages = -(-len(rows) // limit)
        return {"data": shown, "pagination": {
            "totalPage": pages, "total": len(rows), "currentPage": number, "count": len(shown), "hasNext": number < pages}}

    # The project

    def project_info(self, fields):
        return {"projectName": "stand-in", "coinExAccount": "pool@example.com", "createAt": self.state.created_ms}

    def hash_balance(self, fields):
        return {"date": day_of(self.clock.now_ms()).isoformat(), "credit": text_of(self.state.credit, SCALE),
                "power": text_of(self.state.power, SCALE)}

    def charge(self, fields):
        amount = self.amount(fields)
        if not isinstance(fields.get("from"), str) or not fields["from"]:
            raise Refused("Invalid parameter: from")
        row = {"chargeId": "0x" + self.state.ids.next("charge", 40), "from": fields["from"], "to": "0x" + self.state.ids.next("deposit", 40),
               "amount": amount, "price": amount, "coin": "USDT", "credit": None, "status": "pending", "createAt": self.clock.now_ms(),
               "updateAt": None}
        self.state.charges.append(row)
        return {"chargeId": row["chargeId"], "address": row["to"], "amount": text_of(amount, SCALE), "price": text_of(row["price"], SCALE),
                "coin": row["coin"]}

    def charge_history(self, fields):
        return self.page(fields, [self.shown(row, "amount", "price", "credit") for row in self.state.charges], "chargeId")

    def swap(self, fields):
        amount, now = self.amount(fields), self.clock.now_ms()
        if amount > self.state.credit:
            raise Refused("Insufficient")
        self.state.credit -= amount
        self.state.power += amount
        day = day_of(now)
        row = {"swapId": "0x" + self.state.ids.next("swap", 40), "amount": amount, "credit": self.state.credit, "power": self.state.power,
               "setDate": day.isoformat(), "endDate": (day + datetime.timedelta(days=1095)).isoformat(), "period": "3", "status": "completed",
               "createAt": now, "updateAt": now}
        self.state.swaps.append(row)
        return {name: row[name] if name == "swapId" else text_of(row[name], SCALE) for name in ("swapId", "amount", "credit", "power")}

    def swap_history(self, fields):
        return self.page(fields, [self.shown(row, "amount", "credit", "power") for row in self.state.swaps], "swapId")

    def shown(self, row, *amounts):
        return {key: text_of(value, SCALE) if key in amounts and value is not None else value for key, value in row.items()}

    # Figures

    def hash_rate_daily(self, fields):
        day = self.day(fields).isoformat()
        rate = drawn(f"rate {day}", 10**12)
        return {"date": day, "hashRate": text_of(rate, 4), "hashRateMega": text_of(rate // 8348, 4),
                "efficiency": text_of(9_900 + drawn(f"efficiency {day}", 100), 2), "reject": text_of(drawn(f"reject {day}", 100), 2)}

    def recently(self, divisor):
        now = self.clock.now_ms()
        rates = {f"hashRate{span}": text_of(drawn(f"{span} {now // 600_000}", 10**10) // divisor, 4) for span in ("24h", "1h", "10m")}
        return {"timestamp": now, **rates, "efficiency": "99.5", "reject": "0.5"}

    def profit(self, fields, divisor):
        day = self.day(fields).isoformat()
        return {"date": day, "profit": {coin: {
            "total": text_of(drawn(f"{coin} {day}", 10**15) // divisor, PROFIT_SCALE),
            "price": text_of(drawn(f"price of {coin} {day}", 10**8), 6)} for coin in COINS}}

    def assets(self, fields):
        state = self.state
        return {"date": day_of(self.clock.now_ms()).isoformat(), "asset": {coin: {
            "balance": text_of(state.free[coin] + state.locked[coin], SCALE), "available": text_of(state.free[coin], SCALE),
            "locked": text_of(state.locked[coin], SCALE)} for coin in COINS}}

    # Withdrawals

    def withdraw(self, fields):
        coin, amount = fields.get("coin"), self.amount(fields)
        if coin not in COINS:
            raise Refused("Invalid parameter: coin")
        if coin in self.state.unregistered:
            raise Refused("Withdrawal address is not registered")
        if amount > self.state.free[coin]:
            raise Refused("Insufficient")
        self.state.free[coin] -= amount
        self.state.locked[coin] += amount
        row = {"withdrawId": "0x" + self.state.ids.next("withdrawal", 40), "coin": coin, "amount": amount, "fee": 0, "address": None,
               "type": "interUser", "message": None, "status": "pending", "createAt": self.clock.now_ms(), "updateAt": None,
               "outcome": self.state.outcomes.pop(0) if self.state.outcomes else "completed"}
        self.state.numbers.setdefault(row["withdrawId"], []).append(len(self.state.withdrawals))
        self.state.withdrawals.append(row)
        self.state.pending.append(row)
        return {"withdrawId": row["withdrawId"], "coin": coin, "amount": fields["amount"]}

    def withdraw_history(self, fields):
        coin, now, rows, wanted = fields.get("coin"), self.clock.now_ms(), [], fields.get("withdrawId")
        isShort = isinstance(wanted, str) and not self.lies.told
        for number in self.state.numbers.get(wanted, []) if isShort else range(len(self.state.withdrawals)):
            row = self.state.withdrawals[number]
            shown = self.shown({key: value for key, value in row.items() if key != "outcome"}, "amount", "fee")
            rows += self.lies.seen(number, shown, now - row["createAt"])
        rows = [row for row in rows + self.lies.strangers() if coin is None or row["coin"] == coin]
        return self.page(fields, rows, "withdrawId")

    methods = {
        "projectInfo": project_info, "hashBalance": hash_balance, "hashCreditCharge": charge, "hashCreditChargeHistory": charge_history,
        "hashPowerSwap": swap, "hashPowerSwapHistory": swap_history, "hashRateDaily": hash_rate_daily,
        "hashRateRecently": lambda self, fields: self.recently(1), "hashRateRecentlyMega": lambda self, fields: self.recently(8348),
        "profitDaily": lambda self, fields: self.profit(fields, 1), "profitDailyMega": lambda self, fields: self.profit(fields, 8348),
        "assetBalance": assets, "assetWithdrawRequest": withdraw, "assetWithdrawHistory": withdraw_history}

    # Control

    def order(self, order):
        state, name, now = self.state, order["do"], self.clock.now_ms()
        if name == "deposit":
            amount = units(order["amount"], SCALE)
            if amount is None:
                raise ValueError("amount")
            if order["coin"] in ("credit", "power"):
                setattr(state, order["coin"], getattr(state, order["coin"]) + amount)
            else:
                state.free[order["coin"]] += amount
                state.deposited[order["coin"]] += amount
        elif name == "settle":
            self.check_status(order["status"])
            rows = [row for row in state.pending if order.get("withdrawId") in (None, row["withdrawId"])]
            for row in rows:
                state.settle(row, order["status"], now)
            return {"settled": len(rows)}
        elif name == "settling":
            state.settling_ms = order["ms"]
        elif name == "outcome":
            self.check_status(order["status"])
            state.outcomes.append(order["status"])
        elif name == "register":
            (state.unregistered.discard if order["registered"] else state.unregistered.add)(order["coin"])
        elif name == "complete-charge":
            row = next(row for row in state.charges if row["chargeId"] == order["chargeId"] and row["status"] == "pending")
            state.credit += row["amount"]
            row.update(status="completed", credit=state.credit, updateAt=now)
        else:
            return None
        return {"done": True}

    def check_status(self, status):
        if status not in ("completed", "canceled", "failed"):
            raise ValueError("completed, canceled or failed")

    def truth(self):
        state = self.state
        state.advance(self.clock.now_ms())
        return {
            "credit": text_of(state.credit, SCALE), "power": text_of(state.power, SCALE),
            "withdrawals": [{key: text_of(value, SCALE) if key in ("amount", "fee") else value for key, value in row.items()}
                            for row in state.withdrawals],
            "available": {coin: text_of(amount, SCALE) for coin, amount in state.free.items()},
            "locked": {coin: text_of(amount, SCALE) for coin, amount in state.locked.items()},
            "paid": {coin: text_of(amount, SCALE) for coin, amount in state.taken.items()},
            "conserved": all(state.free[coin] + state.locked[coin] + state.taken[coin] == state.deposited[coin] for coin in COINS)}


def service_cases(document):
    """`mining_service.json`: the first calls are refused, as often as the case says, the others do as it recorded."""
    for case in document["cases"]:
        expected, arguments = case["expected"], case["arguments"]
        texts = [one["body"] for one in expected["notifications"]] + [expected.get("error", {}).get("message", "")]
        message = next((text.split("HashDam API error: ")[1] for text in texts if "HashDam API error: " in text), "")
        body = {"method": "hashBalance"}
        if case["call"] == "request_withdrawal":
            body = {"method": "assetWithdrawRequest", "coin": arguments["coin"], "amount": arguments["amount"]}
        steps = []
        for number in range(expected["upstream_calls"]):
            answer = {"code": 1, "message": message}
            if number >= case["upstream_failures"]:
                answer = {"code": 0, "data": {{"withdraw_id": "withdrawId"}.get(key, key): value for key, value in expected["result"].items()}}
            steps.append(Step("/v1", {"content-type": "application/json", "x-hashdam-key": "test-key"}, 200, answer, body))
        yield case["name"], steps


REPLAYS = {"hashdam_wire": wire_cases, "mining_service": service_cases}

if __name__ == "__main__":
    run(HashDam, __doc__, REPLAYS)
