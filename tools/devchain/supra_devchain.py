#!/usr/bin/env python3
"""A development node with the REST surface of a Supra node (specification of the operator tools, section 5).

What is real: BCS, Ed25519 signatures and addresses, read and checked by aptos-sdk; the domain SUPRA::RawTransaction;
chain id, sequence numbers, expiry by block time, gas, events by type and height, block times.
What is not: Move. A program says what a function does (supra_programs.py): coins, a script, or an engine behind a pipe.
"""
import argparse
import hashlib
import json
import os
import re
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aptos_sdk.account_address import AccountAddress
from aptos_sdk.authenticator import Authenticator, Ed25519Authenticator
from aptos_sdk.bcs import Deserializer, Serializer
from aptos_sdk.ed25519 import PublicKey, Signature
from aptos_sdk.transactions import EntryFunction, ModuleId, RawTransaction, SignedTransaction, TransactionPayload
from aptos_sdk.type_tag import TypeTag
from nacl.signing import SigningKey

from supra_programs import Abort, Coins, External, Missing, Script, long_address

DOMAIN = hashlib.sha3_256(b"SUPRA::RawTransaction").digest()
GAS_USED = 500
LIFE_SECONDS = 600


class Refusal(Exception):
    """An HTTP status and the node's words."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Account:
    def __init__(self, balance=0):
        self.balance, self.sequence, self.key = balance, 0, None


class Pending:
    """A transaction that was taken, and what became of it."""

    def __init__(self, digest, raw):
        self.hash, self.raw = digest, raw
        self.status, self.block, self.gas, self.vm_status, self.events = "Pending", None, 0, "", []

    def show(self):
        raw = self.raw
        return {
            "hash": self.hash, "status": self.status, "txn_type": "user",
            "header": {
                "sender": long_address(str(raw.sender)), "sequence_number": raw.sequence_number,
                "max_gas_amount": raw.max_gas_amount, "gas_unit_price": raw.gas_unit_price,
                "expiration_timestamp": {"seconds": raw.expiration_timestamps_secs}, "chain_id": raw.chain_id},
            "output": {"Move": {"gas_used": self.gas, "vm_status": self.vm_status, "events": self.events}},
            "block_header": self.block,
        }


class Chain:
    """Accounts, blocks and events; one lock around all of it."""

    def __init__(self, chain_id, programs, accounts):
        self.chain_id, self.programs = chain_id, programs
        self.lock = threading.RLock()
        self.accounts, self.by_hash, self.waiting = accounts, {}, []
        self.blocks, self.events, self.skew, self.faults, self.stats = [], [], 0, [], {}
        self.mine()

    # Blocks

    def now_us(self):
        return time.time_ns() // 1000 + self.skew * 1_000_000

    def mine(self):
        with self.lock:
            height = len(self.blocks)
            block = {"height": height, "hash": "0x" + hashlib.sha3_256(b"block %d" % height).hexdigest(),
                     "timestamp": {"microseconds_since_unix_epoch": self.now_us()}}
            self.blocks.append(block)
            again = []
            for pending in sorted(self.waiting, key=lambda one: one.raw.sequence_number):
                if not self.execute(pending, block):
                    again.append(pending)
            self.waiting = again

    def execute(self, pending, block):
        """False while its turn has not come. What is dead leaves without a trace, as from a real pool."""
        raw, account = pending.raw, self.account(str(pending.raw.sender))
        seconds = block["timestamp"]["microseconds_since_unix_epoch"] // 1_000_000
        if raw.sequence_number < account.sequence or seconds >= raw.expiration_timestamps_secs:
            del self.by_hash[pending.hash]
            return True
        if raw.sequence_number > account.sequence:
            return False
        account.sequence += 1
        self.run(pending, seconds)
        account.balance -= pending.gas * raw.gas_unit_price
        pending.block = block
        for event in pending.events:
            self.events.append({"event": {"guid": {"creation_number": 0, "account_address": "0x0"},
                                          "sequence_number": str(len(self.events)), **event},
                                "block_height": block["height"], "transaction_hash": pending.hash})
        return True

    def run(self, pending, seconds, keep=True):
        pending.gas = GAS_USED
        try:
            pending.events = self.call(pending.raw, seconds, keep)
            pending.status, pending.vm_status = "Success", "Executed successfully"
        except Abort as abort:
            pending.status, pending.vm_status, pending.events = "Fail", str(abort), []

    def call(self, raw, seconds, keep):
        payload = raw.payload.value
        module = payload.module
        function = f"{long_address(str(module.address))}::{module.name}::{payload.function}"
        context = {"sender": long_address(str(raw.sender)), "seconds": seconds, "chain": self, "keep": keep}
        for program in self.programs:
            try:
                return program.run(function, [str(tag) for tag in payload.ty_args], payload.args, context)
            except Missing:
                continue
        raise Abort("0x1::vm", 0, "LINKER_ERROR")

    def account(self, address):
        return self.accounts.get(long_address(address)) or Account()

    # Transactions

    def check(self, signed, simulated):
        raw, auth = signed.transaction, signed.authenticator.authenticator
        if not isinstance(auth, Ed25519Authenticator):
            raise Refusal(400, "only single Ed25519 keys are served")
        if raw.chain_id != self.chain_id:
            raise Refusal(400, f"BAD_CHAIN_ID: {raw.chain_id}")
        if not isinstance(raw.payload.value, EntryFunction):
            raise Refusal(400, "only entry functions are served")
        address = "0x" + hashlib.sha3_256(auth.public_key.key.encode() + b"\0").hexdigest()
        if address != long_address(str(raw.sender)):
            raise Refusal(400, "INVALID_AUTH_KEY")
        message = Serializer()
        raw.serialize(message)
        valid = auth.public_key.verify(DOMAIN + message.output(), auth.signature)
        if simulated:
            if valid or any(auth.signature.signature):
                raise Refusal(400, "a simulation must not carry a valid signature")
        elif not valid:
            raise Refusal(400, "INVALID_SIGNATURE")
        if address not in self.accounts:
            raise Refusal(400, "SENDING_ACCOUNT_DOES_NOT_EXIST")
        account, now = self.account(address), self.now_us() // 1_000_000
        if raw.sequence_number < account.sequence:
            raise Refusal(400, "SEQUENCE_NUMBER_TOO_OLD")
        if raw.expiration_timestamps_secs <= now:
            raise Refusal(400, "TRANSACTION_EXPIRED")
        if raw.expiration_timestamps_secs > now + LIFE_SECONDS + 5:
            raise Refusal(400, "TRANSACTION_EXPIRATION_TOO_FAR_IN_FUTURE")
        if account.balance < raw.max_gas_amount * raw.gas_unit_price:
            raise Refusal(400, "INSUFFICIENT_BALANCE_FOR_TRANSACTION_FEE")
        return raw

    def submit(self, signed):
        with self.lock:
            raw = self.check(signed, simulated=False)
            body = Serializer()
            signed.serialize(body)
            digest = "0x" + hashlib.sha3_256(b"\1" + body.output()).hexdigest()
            if digest in self.by_hash:
                return digest
            lost = self.fault("lose", "submit")
            if not lost:
                pending = Pending(digest, raw)
                self.by_hash[digest] = pending
                self.waiting.append(pending)
            return digest

    def simulate(self, signed):
        with self.lock:
            raw = self.check(signed, simulated=True)
            pending = Pending("0x" + "0" * 64, raw)
            self.run(pending, self.now_us() // 1_000_000, keep=False)
            return pending.show()

    def view(self, function, types, arguments):
        parts = function.split("::")
        if len(parts) != 3:
            raise Refusal(400, f"invalid function {function}")
        function = "::".join([long_address(parts[0])] + parts[1:])
        with self.lock:
            for program in self.programs:
                try:
                    return program.view(function, types, arguments, {"chain": self})
                except Missing:
                    continue
                except Abort as abort:
                    raise Refusal(400, str(abort))
        raise Refusal(400, f"FUNCTION_RESOLUTION_FAILURE: {function}")

    # Faults

    def fault(self, kind, path):
        """Takes one hit of the first fault that fits, and returns it."""
        with self.lock:
            for fault in self.faults:
                if fault["kind"] == kind and re.search(fault.get("path", ""), path) and fault.get("count", 1) != 0:
                    fault["count"] = fault.get("count", 1) - 1
                    return fault
        return None


def read_json_transaction(body):
    """The JSON form of a submission, made into the same object that BCS gives."""
    move = body["Move"]
    raw, auth = move["raw_txn"], move["authenticator"]["Ed25519"]
    entry = raw["payload"]["EntryFunction"]
    module = ModuleId(AccountAddress.from_str_relaxed(entry["module"]["address"]), entry["module"]["name"])
    tags = [read_tag(tag) for tag in entry["ty_args"]]
    payload = TransactionPayload(EntryFunction(module, entry["function"], tags, [bytes(one) for one in entry["args"]]))
    transaction = RawTransaction(
        AccountAddress.from_str_relaxed(raw["sender"]), raw["sequence_number"], payload, raw["max_gas_amount"],
        raw["gas_unit_price"], raw["expiration_timestamp_secs"], raw["chain_id"])
    key = PublicKey.deserialize(Deserializer(b"\x20" + bytes.fromhex(auth["public_key"][2:])))
    signature = Signature(bytes.fromhex(auth["signature"][2:]))
    return SignedTransaction(transaction, Authenticator(Ed25519Authenticator(key, signature)))


def read_tag(tag):
    from aptos_sdk import type_tag
    simple = {"bool": type_tag.BoolTag(False), "u8": type_tag.U8Tag(0), "u64": type_tag.U64Tag(0),
              "u128": type_tag.U128Tag(0), "address": type_tag.AccountAddressTag(AccountAddress(b"\0" * 32))}
    if isinstance(tag, str):
        return TypeTag(simple[tag])
    struct = tag["struct"]
    return TypeTag(type_tag.StructTag(
        AccountAddress.from_str_relaxed(struct["address"]), struct["module"], struct["name"],
        [read_tag(one) for one in struct["type_args"]]))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    chain = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def answer(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        path, query = url.path, dict(urllib.parse.parse_qsl(url.query))
        chain = self.chain
        try:
            if path == "/dev/control":
                return self.reply(200, control(chain, json.loads(body)))
            chain.stats[path] = chain.stats.get(path, 0) + 1
            if chain.fault("drop", path):
                self.close_connection = True
                return None
            if fault := chain.fault("delay", path):
                time.sleep(fault["ms"] / 1000)
            if fault := chain.fault("status", path):
                return self.reply(fault["status"], {"message": "busy"})
            value, headers = route(chain, method, path, query, body, self.headers.get("Content-Type") or "")
            if chain.fault("drop_after", path):
                self.close_connection = True
                return None
            if chain.fault("garbage", path):
                return self.write(200, json.dumps(value)[:-1].encode(), headers)
            return self.reply(200, value, headers)
        except Refusal as refusal:
            return self.reply(refusal.status, {"message": refusal.message})
        except Exception as error:  # a request that no reader understands
            return self.reply(400, {"message": f"{type(error).__name__}: {error}"})

    def reply(self, status, value, headers=()):
        self.write(status, json.dumps(value).encode(), headers)

    def write(self, status, data, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("x-supra-chain-id", str(self.chain.said_chain_id))
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)


def route(chain, method, path, query, body, kind):
    match = re.fullmatch(r"/rpc/v[123]/(.*)", path)
    if not match:
        raise Refusal(404, "no such path")
    tail = match.group(1)
    if tail == "transactions/chain_id":
        return chain.said_chain_id, ()
    if tail == "transactions/parameters":
        return {"max_transaction_time_to_live_seconds": LIFE_SECONDS}, ()
    if tail == "transactions/estimate_gas_price":
        return {"mean": 100, "max": 150, "median": 100, "min_configured_gas_price": 100}, ()
    if tail == "view" and method == "POST":
        call = json.loads(body)
        return {"result": chain.view(call["function"], call["type_arguments"], call["arguments"])}, ()
    if tail in ("transactions/submit", "transactions/simulate") and method == "POST":
        if kind.startswith("application/x.supra.signed_transaction+bcs"):
            if body[:1] != b"\1":
                raise Refusal(400, "unknown kind of transaction")
            reader = Deserializer(body[1:])
            signed = SignedTransaction.deserialize(reader)
            if reader.remaining():
                raise Refusal(400, "bytes follow the transaction")
        else:
            signed = read_json_transaction(json.loads(body))
        return (chain.submit if tail.endswith("submit") else chain.simulate)(signed), ()
    if tail == "block":
        return chain.blocks[-1], ()
    if tail == "version":
        return {"version": "supra-devchain"}, ()
    parts = [urllib.parse.unquote(part) for part in tail.split("/")]
    if parts[0] == "transactions" and len(parts) == 2:
        pending = chain.by_hash.get(parts[1])
        if pending is None or chain.fault("hide", path):
            raise Refusal(404, "transaction not found")
        return pending.show(), ()
    if parts[0] == "accounts" and len(parts) >= 2:
        address = long_address(parts[1])
        account = chain.accounts.get(address)
        if account is None:
            raise Refusal(404, "account not found")
        if len(parts) == 2:
            return {"sequence_number": account.sequence, "authentication_key": address}, ()
        coin = "0x1::coin::CoinStore<0x1::supra_coin::SupraCoin>"
        if parts[2:] == ["resources", coin]:
            return {"type": coin, "data": {"coin": {"value": str(account.balance)}}}, ()
        raise Refusal(404, "resource not found")
    if parts[0] == "events" and len(parts) == 2:
        return events(chain, parts[1], query)
    if parts[:2] == ["wallet", "faucet"]:
        chain.accounts.setdefault(long_address(parts[2]), Account()).balance += 100_000_000_000
        return {"Accepted": "0x" + "f" * 64}, ()
    raise Refusal(404, "no such path")


def events(chain, kind, query):
    first, last = int(query.get("start_height", 0)), int(query.get("end_height", len(chain.blocks)))
    limit, start = int(query.get("limit", 20)), int(query.get("start", 0))
    if not 1 <= limit <= 100:
        raise Refusal(400, "limit is 1 to 100")
    address, rest = kind.split("::", 1)
    kind = f"{long_address(address)}::{rest}"
    found = [one for one in chain.events if one["event"]["type"] == kind and first <= one["block_height"] < last]
    page = found[start:start + limit]
    headers = [("x-supra-oldest-block", "0")]
    if start + limit < len(found):
        headers.append(("x-supra-cursor", str(start + limit)))
    return {"data": page}, headers


def control(chain, wanted):
    """Steers the node: fault, clear-faults, skew (seconds), chain-id, mine, stats, set-view."""
    name = wanted["do"]
    with chain.lock:
        if name == "fault":
            chain.faults.append({key: value for key, value in wanted.items() if key != "do"})
        elif name == "clear-faults":
            chain.faults.clear()
        elif name == "skew":
            chain.skew += wanted["seconds"]
        elif name == "chain-id":
            chain.said_chain_id = wanted["id"]
        elif name == "mine":
            for _ in range(wanted.get("blocks", 1)):
                chain.mine()
        elif name == "stats":
            return chain.stats
        elif name == "set-view":
            for program in chain.programs:
                if isinstance(program, Script):
                    program.set(wanted["call"], wanted["result"])
        else:
            raise Refusal(400, f"{name} is not known")
    return {"ok": True}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--chain-id", type=int, default=6)
    parser.add_argument("--seed", default="dev", help="account i has the key sha256('<seed>:supra:<i>')")
    parser.add_argument("--block-ms", type=int, default=100, help="0: blocks only by /dev/control")
    parser.add_argument("--script", help="a file of views and entry functions (supra_programs.py)")
    parser.add_argument("--engine", help="a program that answers calls on its standard streams (supra_programs.py)")
    parser.add_argument("--end-with-input", action="store_true")
    options = parser.parse_args()
    programs = [Coins()]
    if options.script:
        with open(options.script, encoding="utf-8") as file:
            programs.append(Script(json.load(file)))
    if options.engine:
        programs.append(External(options.engine.split()))
    accounts = {}
    for index in range(10):
        key = SigningKey(hashlib.sha256(f"{options.seed}:supra:{index}".encode()).digest())
        public = key.verify_key.encode()
        accounts["0x" + hashlib.sha3_256(public + b"\0").hexdigest()] = Account(1_000_000_000_000)
    chain = Chain(options.chain_id, programs, accounts)
    chain.said_chain_id = options.chain_id
    Handler.chain = chain
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True

    def blocks():
        while True:
            time.sleep(options.block_ms / 1000)
            chain.mine()

    if options.block_ms:
        threading.Thread(target=blocks, daemon=True).start()
    if options.end_with_input:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    print(json.dumps({"ready": "supra", "port": server.server_address[1]}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
