#!/usr/bin/env python3
"""A stand-in for the MBlock wallet API v1.4.0, written from its description: POST to /bsc, a flat JSON object back.

  python3 tools/partners/mblock.py                                   # prints its port, ends when standard input closes
  python3 tools/partners/mblock.py --fault timeout:1:transferByWalletKey
  python3 tools/partners/mblock.py --replay Tests/Vectors/wallet-mining/mblock_wire.json   # recorded answers only, see replay.py

It holds wallets, balances of BNB and of one token (scale 18), receipts and transits. It has no idempotency key, like the original: whoever
asks twice pays twice. The key is `test-key`. Faults, keys, clock: partner.py. Its own orders on /control:

  mint        "address", "amount", "contract" (without: BNB): money from nowhere
  token       "contract": a further token
  gas         "amount": BNB that every transfer costs; 0 unless set
  confirm     "ms" until a receipt is found. Over 10,000: the transfer is sent and answers "Request Time out, ...".
              "drop": true: it answers so and never reaches the chain
  transits    runs those that wait, whatever their delay; "hold": true keeps new ones waiting until this order
  callback    how the next callback goes: "lost", "twice", "early" (says paid, was not sent), "denied" (sent, says it was not),
              "no-token", "stranger" (another token), "failed" (not sent, and says so)

What the description leaves open is decided so: a method that does not exist is "No API Permission"; a replaced wallet key is "Wallet address
has expired"; a contract that is no address is "Unsupported token symbol", an unknown one "Contract address is incorrect"; a transfer of
zero is "Transfer volume is required". Callbacks go to loopback only.
"""
import http.client
import re
import threading
import time
from decimal import Decimal
from urllib.parse import urlsplit

from partner import Ids, Partner, Refused, run
from replay import Step, wire_cases
from wire import text_of, units, write_json

SCALE = 18
ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
USDT = "0x55d398326f99059ff775485246999027b3197955"
PATIENCE_MS = 10_000
CONFIG = ("fee", "feeWalletKey", "delay", "count", "callback")


def address_of(value, message="Wallet address is incorrect"):
    if not isinstance(value, str) or not ADDRESS.fullmatch(value):
        raise Refused(message)
    return value.lower()


class State:
    def __init__(self, seed):
        self.ids = Ids(seed)
        self.wallets, self.expired = {}, set()  # wallet key -> address
        self.balances, self.minted, self.tokens = {}, {}, {USDT}
        self.gas, self.gas_spent = 0, 0
        self.confirm_ms, self.drops = 0, False
        self.transactions, self.config, self.transits = [], {}, []
        self.numbers, self.waiting = {}, []  # hash -> numbers of its transactions; transits not yet carried out
        self.holds, self.callbacks = False, []

    def balance(self, address, contract):
        return self.balances.get((address, contract), 0)

    def add(self, address, contract, amount):
        self.balances[address, contract] = self.balance(address, contract) + amount

    def pay(self, sender, to, amount, contract, now_ms, purpose):
        """Moves money, with gas; the caller has checked. Returns the hash."""
        txid = "0x" + self.ids.next("txid")
        self.add(sender, contract, -amount)
        self.add(to, contract, amount)
        self.add(sender, "", -self.gas)
        self.gas_spent += self.gas
        self.numbers.setdefault(txid, []).append(len(self.transactions))
        self.transactions.append({
            "txid": txid, "from": sender, "to": to, "contract": contract, "amount": amount, "at_ms": now_ms,
            "visible_ms": now_ms + self.confirm_ms, "purpose": purpose})
        return txid

    def can_pay(self, sender, amount, contract, message):
        if self.balance(sender, contract) < amount:
            raise Refused(message)
        if self.balance(sender, "") < self.gas + (0 if contract else amount):
            raise Refused("RPCError: insufficient funds for gas * price + value")


class MBlock(Partner):
    path, key_header, verdict, ids_in = "/bsc", "x-mblock-key", "result", ("txid", "token")

    def opening(self):
        return State(self.seed)

    def succeeded(self, fields):
        return {"result": True, **fields}

    def refused(self, message):
        return {"result": False, "message": message}

    def rows(self):
        return len(self.state.transactions)

    # Fields

    def contract(self, fields):
        """Empty text for BNB."""
        contract = fields.get("contract")
        if contract is None:
            return ""
        if not isinstance(contract, str) or not ADDRESS.fullmatch(contract):
            raise Refused("Unsupported token symbol")
        if contract.lower() not in self.state.tokens:
            raise Refused("Contract address is incorrect")
        return contract.lower()

    def owner(self, fields):
        key = fields.get("walletKey")
        if key in self.state.expired:
            raise Refused("Wallet address has expired")
        if not isinstance(key, str) or key not in self.state.wallets:
            raise Refused("Invalid Wallet Key")
        return self.state.wallets[key]

    # Methods

    def balance_of(self, fields):
        address = address_of(fields.get("address"))
        return {"amount": text_of(self.state.balance(address, self.contract(fields)), SCALE)}

    def request_wallet(self, fields):
        address, key = "0x" + self.state.ids.next("address", 40), "wk-" + self.state.ids.next("wallet key", 32)
        self.state.wallets[key] = address
        return {"address": address, "walletKey": key, "message": "OK"}

    def refresh_wallet(self, fields):
        address = self.owner(fields)
        self.state.expired.add(fields["walletKey"])
        del self.state.wallets[fields["walletKey"]]
        key = "wk-" + self.state.ids.next("wallet key", 32)
        self.state.wallets[key] = address
        return {"walletKey": key, "message": "OK"}

    def transfer(self, fields):
        sender, to, contract = self.owner(fields), address_of(fields.get("to")), self.contract(fields)
        amount = units(fields.get("amount"), SCALE)
        if not amount:
            raise Refused("Transfer volume is required")
        self.state.can_pay(sender, amount, contract, "Not enough balance")
        if self.state.drops:
            raise Refused("Request Time out, Transaction receipt not found.")
        txid = self.state.pay(sender, to, amount, contract, self.clock.now_ms(), "transfer")
        if self.state.confirm_ms > PATIENCE_MS:
            raise Refused("Request Time out, Transaction receipt not found.")
        return {"txid": txid}

    def receipt(self, fields):
        now, txid = self.clock.now_ms(), fields.get("txid")
        for number in self.state.numbers.get(txid, []) if isinstance(txid, str) else []:
            row = self.state.transactions[number]
            if row["visible_ms"] > now:
                continue
            contract = self.contract(fields)
            shown = {"from": row["from"], "to": row["to"], "amount": text_of(row["amount"], SCALE)}
            for seen in self.lies.seen(number, shown, now - row["at_ms"])[:1]:
                if contract and not row["contract"]:
                    raise Refused("Transaction Logs not found")
                if contract != row["contract"]:
                    raise Refused("Contract address is incorrect")
                return seen
        for row in self.lies.strangers():
            if row.get("txid") == fields.get("txid"):
                return {key: value for key, value in row.items() if key != "txid"}
        raise Refused("Transaction receipt not found")

    def check_config(self, config):
        kinds = {"fee": (int, Decimal), "feeWalletKey": (str,), "delay": (int,), "count": (int,), "callback": (str,)}
        for name, value in config.items():
            if name not in kinds or isinstance(value, bool) or not isinstance(value, kinds[name]):
                raise Refused("Invalid Configuration")
        if any(config.get(name, least) < least for name, least in (("fee", 0), ("delay", 0), ("count", 1))):
            raise Refused("Invalid Configuration")
        if "fee" in config and units(format(Decimal(config["fee"]), "f"), SCALE) is None:
            raise Refused("Invalid Configuration")
        if "callback" in config and urlsplit(config["callback"]).scheme not in ("http", "https"):
            raise Refused("Invalid Configuration")
        if "feeWalletKey" in config and config["feeWalletKey"] not in self.state.wallets:
            raise Refused("Invalid Configuration")

    def transit_config(self, fields):
        config = fields.get("config")
        if config is not None:
            if not isinstance(config, dict):
                raise Refused("Invalid Configuration")
            self.check_config(config)
            self.state.config = dict(config)
        return {"config": dict(self.state.config)}

    def transit(self, fields):
        owner, to = self.owner(fields), address_of(fields.get("to"))
        if fields.get("contract") is None:
            raise Refused("Contract address is incorrect")
        contract, given = self.contract(fields), fields.get("config")
        if given is not None and not isinstance(given, dict):
            raise Refused("Invalid Configuration")
        config = {**self.state.config, **(given or {})}
        if set(config) != set(CONFIG):
            raise Refused("Invalid Configuration")
        self.check_config(config)
        whole = self.state.balance(owner, contract)
        amount = whole if fields.get("amount") is None else units(fields["amount"], SCALE)
        if not amount or amount > whole:
            raise Refused("Request volume is zero or not enough balance")
        token, now = self.state.ids.next("token", 32), self.clock.now_ms()
        self.state.transits.append({
            "token": token, "owner": owner, "to": to, "contract": contract, "amount": amount, "config": config, "status": "waiting",
            "at_ms": now, "due": time.monotonic() + config["delay"]})
        self.state.waiting.append(self.state.transits[-1])
        return {"token": token}

    methods = {
        "balanceOf": balance_of, "receiptByHash": receipt, "transferByWalletKey": transfer, "requestWallet": request_wallet,
        "refreshWallet": refresh_wallet, "transitConfig": transit_config, "transitByWalletKey": transit}

    # Transits, after their answer

    def run_transits(self, isAll):
        """Sends what is due, and posts the callbacks outside of the lock."""
        with self.lock:
            if self.state.holds and not isAll:
                return 0
            due = [one for one in self.state.waiting if isAll or one["due"] <= time.monotonic()]
            self.state.waiting = [one for one in self.state.waiting if one not in due] if due else self.state.waiting
            calls = [call for one in due for call in self.run_transit(one)]
        for url, body in calls:
            post_back(url, body)
        return len(due)

    def run_transit(self, one):
        """Carries out one transit; the callbacks to post."""
        state, now = self.state, self.clock.now_ms()
        how = state.callbacks.pop(0) if state.callbacks else "well"
        said = {"result": True, "token": one["token"]}
        try:
            if how in ("early", "failed"):
                raise Refused("RPCError: execution reverted")
            fee = units(format(Decimal(one["config"]["fee"]), "f"), SCALE)
            if state.balance(one["owner"], "") < max(fee, state.gas):
                purse = state.wallets.get(one["config"]["feeWalletKey"])
                if purse is None:
                    raise Refused("Invalid Wallet Key")
                state.can_pay(purse, fee, "", "Not enough balance")
                said["txidFee"] = state.pay(purse, one["owner"], fee, "", now, "transit fee")
            state.can_pay(one["owner"], one["amount"], one["contract"], "Not enough balance")
            said["txidToken"] = state.pay(one["owner"], one["to"], one["amount"], one["contract"], now, "transit")
            one.update(status="sent", txidToken=said["txidToken"], txidFee=said.get("txidFee"))
        except Refused as refusal:
            one.update(status="failed", message=str(refusal))
            said = {"result": False, "token": one["token"], "message": str(refusal)}
        if how == "early":
            said = {"result": True, "token": one["token"], "txidToken": "0x" + state.ids.next("never sent")}
        if how == "denied":
            said = {"result": False, "token": one["token"], "message": "Request Time out, Transaction receipt not found."}
        if how == "no-token":
            del said["token"]
        if how == "stranger":
            said["token"] = state.ids.next("token of nobody", 32)
        return [(one["config"]["callback"], said)] * {"lost": 0, "twice": 2}.get(how, 1)

    # Control

    def order(self, order):
        state, name = self.state, order["do"]
        if name == "mint":
            address, contract, amount = address_of(order["address"]), (order.get("contract") or "").lower(), units(order["amount"], SCALE)
            if amount is None or contract and contract not in state.tokens:
                raise ValueError("amount or contract")
            state.add(address, contract, amount)
            state.minted[contract] = state.minted.get(contract, 0) + amount
        elif name == "token":
            state.tokens.add(address_of(order["contract"]))
        elif name == "gas":
            state.gas = units(order["amount"], SCALE)
        elif name == "confirm":
            state.confirm_ms, state.drops = order.get("ms", 0), order.get("drop", False)
        elif name == "callback":
            if order["how"] not in ("well", "lost", "twice", "early", "denied", "no-token", "stranger", "failed"):
                raise ValueError("how")
            state.callbacks.append(order["how"])
        elif name == "transits":
            if "hold" in order:
                state.holds = order["hold"]
                return {"waiting": len(state.waiting)}
            # Callbacks are posted without the lock, which this order holds.
            threading.Thread(target=self.run_transits, args=(True,), daemon=True).start()
        else:
            return None
        return {"done": True}

    def truth(self):
        state, sums = self.state, {}
        for (_, contract), amount in state.balances.items():
            sums[contract] = sums.get(contract, 0) + amount
        sums[""] = sums.get("", 0) + state.gas_spent
        return {
            "wallets": [{"walletKey": key, "address": address} for key, address in state.wallets.items()],
            "balances": [{"address": address, "contract": contract or None, "amount": text_of(amount, SCALE)}
                         for (address, contract), amount in state.balances.items()],
            "transactions": [{**row, "contract": row["contract"] or None, "amount": text_of(row["amount"], SCALE)} for row in state.transactions],
            "transits": [{**{key: value for key, value in one.items() if key != "due"}, "amount": text_of(one["amount"], SCALE)}
                         for one in state.transits],
            "conserved": all(sums.get(contract, 0) == state.minted.get(contract, 0) for contract in sums.keys() | state.minted.keys())}


def post_back(url, body):
    """One callback; nobody hears of one that fails, as with the original."""
    at = urlsplit(url)
    if at.scheme != "http" or at.hostname not in ("127.0.0.1", "localhost"):
        return
    try:
        connection = http.client.HTTPConnection(at.hostname, at.port or 80, timeout=5)
        connection.request("POST", at.path or "/", write_json(body), {"Content-Type": "application/json"})
        connection.getresponse().read()
        connection.close()
    except OSError:
        pass


def tick(partner):
    while True:
        time.sleep(0.02)
        partner.run_transits(False)


class RunningMBlock(MBlock):
    """With its own thread, which carries out transits when their delay is over."""

    def __init__(self, seed="1"):
        super().__init__(seed)
        threading.Thread(target=tick, args=(self,), daemon=True).start()


def wire_body(call):
    names = {"get_balance": "balanceOf", "request_wallet": "requestWallet", "transfer": "transferByWalletKey", "transit": "transitByWalletKey"}
    fields = {"wallet_key": "walletKey", "config_override": "config"}
    body = {fields.get(key, key): value for key, value in call.items() if key != "call" and value is not None}
    return {"method": names[call["call"]], **body}


def service_cases(document):
    """`wallet_service.json`: the first calls are refused, as often as the case says, the others do as it recorded."""
    for case in document["cases"]:
        expected, steps = case["expected"], []
        texts = [one["body"] for one in expected["notifications"]] + [expected.get("error", {}).get("message", "")]
        message = next((text.split("MBlock API error: ")[1] for text in texts if "MBlock API error: " in text), "")
        for number, call in enumerate(expected["upstream_calls"]):
            if number < case["upstream_failures"]:
                answer = {"result": False, "message": message}
            elif isinstance(expected["result"], dict):
                names = {"wallet_key": "walletKey"}
                answer = {"result": True, **{names.get(key, key): value for key, value in expected["result"].items() if value is not None}}
            else:
                answer = {"result": True, "amount": expected["result"]}
            steps.append(Step("/bsc", {"content-type": "application/json", "x-mblock-key": "test-key"}, 200, answer, wire_body(call)))
        yield case["name"], steps


REPLAYS = {"mblock_wire": wire_cases, "wallet_service": service_cases}

if __name__ == "__main__":
    run(RunningMBlock, __doc__, REPLAYS)
