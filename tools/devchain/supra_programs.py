"""What functions do on the Supra development node. Three programs, asked in turn.

A program answers `view(function, types, arguments, context)` with a list of return values, and `run(function, types,
arguments, context)` with a list of events ({"type", "data"}); `arguments` of a run are BCS bytes. `Missing` says that
the function is not its own, `Abort` that it stopped. Without `context["keep"]` nothing may be kept: a simulation.

  Coins      0x1::supra_account::transfer, 0x1::coin::transfer and balance
  Script     a file {"views": {"0xa1::hub::count u64:1": [...]}, "entries": {"0xa1::m::f": {"events": [...],
             "set": {call: result}, "abort": {"module": .., "code": 1, "name": "E_X"}}}}
  External   another process: one JSON line asked, one answered.
             {"view": {"function", "types", "arguments"}} -> {"result": [...]}
             {"run": {"function", "types", "arguments" (hex), "sender", "seconds", "keep"}} -> {"events": [...]}
             either may be {"missing": true} or {"abort": {"module", "code", "name"}}
"""
import json
import subprocess
import threading


class Missing(Exception):
    """The function is not of this program."""


class Abort(Exception):
    """Move code stopped."""

    def __init__(self, module, code, name=None):
        place = f"Move abort in {module}: "
        super().__init__(place + (f"{name}({code:#x}): {name}" if name else f"{code:#x}"))


def long_address(text):
    """0x and 64 digits; what is no address stays as it is."""
    if text.startswith("0x") and len(text) <= 66:
        return "0x" + text[2:].rjust(64, "0").lower()
    return text


class Coins:
    def run(self, function, types, arguments, context):
        chain = context["chain"]
        name = function.split("::", 1)[1]
        if not function.startswith(long_address("0x1") + "::") or name not in ("supra_account::transfer", "coin::transfer"):
            raise Missing
        to, amount = "0x" + arguments[0].hex(), int.from_bytes(arguments[1], "little")
        sender = chain.accounts[context["sender"]]
        if sender.balance < amount:
            raise Abort("0x1::coin", 0x10006, "EINSUFFICIENT_BALANCE")
        if context["keep"]:
            sender.balance -= amount
            if to not in chain.accounts:
                chain.accounts[to] = type(sender)()
            chain.accounts[to].balance += amount
        return [{"type": long_address("0x1") + "::coin::TransferEvent",
                 "data": {"from": context["sender"], "to": to, "amount": str(amount)}}]

    def view(self, function, types, arguments, context):
        if function != long_address("0x1") + "::coin::balance":
            raise Missing
        account = context["chain"].accounts.get(long_address(arguments[0]))
        return [str(account.balance if account else 0)]


class Script:
    def __init__(self, script):
        self.views = {self.key(call): result for call, result in script.get("views", {}).items()}
        self.entries = {self.key(call): entry for call, entry in script.get("entries", {}).items()}

    @staticmethod
    def key(call):
        function, *arguments = call.split(" ")
        address, rest = function.split("::", 1)
        return " ".join([f"{long_address(address)}::{rest}"]
                        + [long_address(one.split(":", 1)[1]) for one in arguments])

    def set(self, call, result):
        self.views[self.key(call)] = result

    def view(self, function, types, arguments, context):
        key = " ".join([function] + [long_address(str(one)) for one in arguments])
        if key not in self.views:
            raise Missing
        result = self.views[key]
        if isinstance(result, dict) and "abort" in result:
            raise Abort(**result["abort"])
        return result

    def run(self, function, types, arguments, context):
        entry = self.entries.get(function)
        if entry is None:
            raise Missing
        if "abort" in entry:
            raise Abort(**entry["abort"])
        if context["keep"]:
            for call, result in entry.get("set", {}).items():
                self.set(call, result)
        return [{"type": self.key(event["type"]), "data": event["data"]} for event in entry.get("events", [])]


class External:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lock = threading.Lock()

    def ask(self, question):
        with self.lock:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        if answer.get("missing"):
            raise Missing
        if "abort" in answer:
            raise Abort(**answer["abort"])
        return answer

    def view(self, function, types, arguments, context):
        return self.ask({"view": {"function": function, "types": types, "arguments": arguments}})["result"]

    def run(self, function, types, arguments, context):
        return self.ask({"run": {
            "function": function, "types": types, "arguments": [one.hex() for one in arguments],
            "sender": context["sender"], "seconds": context["seconds"], "keep": context["keep"]}})["events"]
