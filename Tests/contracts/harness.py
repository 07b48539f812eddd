"""An EVM development chain in this process, and the batch contract on it."""
import argparse
import json
import pathlib
import sys
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools/devchain"), str(ROOT / "contracts")]

import evm_devchain  # noqa: E402
from eth_abi import encode  # noqa: E402
from eth_utils import keccak, to_checksum_address  # noqa: E402

GWEI = 10**9
PAY_TOKEN = "payToken(address,uint256,bytes32[])"
PAY_WIDE = "payTokenWide(address,uint256,(address,uint256)[])"
PAY_NATIVE = "payNative(bytes32[])"
ARTIFACT = ROOT / "contracts/AlmonerBatch.json"


def selector(signature: str) -> bytes:
    return keccak(text=signature)[:4]


def error(signature: str, *words: int) -> bytes:
    """Revert data of a custom error."""
    return selector(signature) + b"".join(w.to_bytes(32, "big") for w in words)


BAD_CALLDATA, UNEXPECTED_VALUE, NOT_A_TOKEN = error("BadCalldata()"), error("UnexpectedValue()"), error("NotAToken()")
PULL_FAILED, TOTAL_MISMATCH = error("PullFailed()"), error("TotalMismatch()")
BALANCE_CHANGED, TOO_LITTLE_GAS = error("BalanceChanged()"), error("TooLittleGas()")


def recipient_failed(index: int) -> bytes:
    return error("RecipientFailed(uint256)", index)


def packed(payments) -> list:
    return [bytes.fromhex(to[2:]) + amount.to_bytes(12, "big") for to, amount in payments]


def pay_token(token, payments, total=None) -> bytes:
    total = sum(a for _, a in payments) if total is None else total
    return selector(PAY_TOKEN) + encode(["address", "uint256", "bytes32[]"], [token, total, packed(payments)])


def pay_wide(token, payments, total=None) -> bytes:
    total = sum(a for _, a in payments) if total is None else total
    return selector(PAY_WIDE) + encode(["address", "uint256", "(address,uint256)[]"], [token, total, payments])


def pay_native(payments) -> bytes:
    return selector(PAY_NATIVE) + encode(["bytes32[]"], [packed(payments)])


def person(i: int) -> str:
    """A checksummed address that nobody has a key for, without zero bytes worth mentioning."""
    return to_checksum_address(keccak(text=f"person {i}")[12:])


@dataclass
class Outcome:
    ok: bool
    revert: bytes       # revert data of the same call by eth_call
    gas: int            # gas used by the mined transaction
    logs: list = field(default_factory=list)


class Desk:
    """One chain with the batch contract. `branches` keeps which way each conditional jump of it went."""

    branches: set = set()
    watched: set = set()

    def __init__(self, seed="contracts"):
        self.chain = evm_devchain.EvmChain(argparse.Namespace(
            fork="cancun", chain_id=31337, seed=seed, accounts=4, balance=10**6, block_time=0, gas_limit=30_000_000, min_tip=0,
            finality=12, clock="fixed", genesis_time=1_760_000_000, max_log_range=10_000, max_logs=10_000, bare=True))
        self.owner, self.other = self.chain.accounts[0].address, self.chain.accounts[1].address
        self.batch = self.create(bytes.fromhex(json.loads(ARTIFACT.read_text())["bytecode"][2:]))
        self.watch_branches()

    # ------------------------------------------------------------ transactions
    def send(self, to, data=b"", value=0, sender=0, gas=29_000_000) -> dict:
        """Signs, mines, and returns the receipt."""
        account = self.chain.accounts[sender]
        nonce = self.chain.state_at("latest").get_nonce(bytes.fromhex(account.address[2:]))
        raw = account.sign_transaction({
            "type": 2, "chainId": 31337, "nonce": nonce, "to": to, "data": data, "value": value, "gas": gas,
            "maxFeePerGas": 1000 * GWEI, "maxPriorityFeePerGas": GWEI}).raw_transaction
        self.chain.keep(self.chain.admit(raw))
        self.chain.mine()
        return self.chain.head.receipts[0]

    def create(self, code: bytes, value=0) -> str:
        receipt = self.send(b"", code, value)
        assert receipt["status"] == "0x1", "deployment failed"
        return to_checksum_address(receipt["contractAddress"])

    def deploy(self, name: str, types=(), values=()) -> str:
        artifact = json.loads((ROOT / "tools/devchain/contracts" / f"{name}.json").read_text())
        return self.create(bytes.fromhex(artifact["bytecode"][2:]) + encode(types, values))

    def token(self, name: str, *more) -> str:
        """A token of 6 decimals whose supply account 0 holds."""
        types = ["string", "string", "uint8", "uint256"] + ["uint256"] * len(more)
        return self.deploy(name, types, ["Test", "TST", 6, 10**30, *more])

    def tell(self, contract, signature, *values, sender=0) -> dict:
        """Calls a function of a test contract; it must succeed."""
        types = signature[signature.index("(") + 1:-1]
        receipt = self.send(contract, selector(signature) + encode(types.split(",") if types else [], values), sender=sender)
        assert receipt["status"] == "0x1", signature
        return receipt

    def ask(self, contract, signature, *values) -> int:
        types = signature[signature.index("(") + 1:-1]
        data = selector(signature) + encode(types.split(",") if types else [], values)
        return int(self.chain.rpc_eth_call([{"to": contract, "data": "0x" + data.hex()}]), 16)

    def balance(self, token, who) -> int:
        return self.ask(token, "balanceOf(address)", who)

    def coins(self, who) -> int:
        return int(self.chain.rpc_eth_getBalance([who]), 16)

    def approve(self, token, amount=2**255, sender=0):
        self.tell(token, "approve(address,uint256)", self.batch, amount, sender=sender)

    def attempt(self, data: bytes, value=0, sender=0, gas=29_000_000, to=None) -> Outcome:
        """The same call by eth_call, for its revert data, and as a mined transaction; both must agree."""
        to = to or self.batch
        who = self.chain.accounts[sender].address
        dry = self.chain.simulate({"from": who, "to": to, "data": "0x" + data.hex(), "value": hex(value)}, self.chain.head, gas)
        receipt = self.send(to, data, value, sender, gas)
        ok = receipt["status"] == "0x1"
        assert ok != dry.is_error, "eth_call and the mined transaction disagree"
        return Outcome(ok, bytes(dry.output) if not ok else b"", int(receipt["gasUsed"], 16), receipt["logs"])

    # ------------------------------------------------------------ branch coverage
    def watch_branches(self):
        """Hooks JUMPI once for all desks: their chains share py-evm's class."""
        self.watched.add(bytes.fromhex(self.batch[2:]))
        kind = self.chain.vm_at(self.chain.head.header).state.computation_class
        plain = kind.opcodes[0x57]
        if getattr(plain, "watches", False):
            return

        def jumpi(computation):
            at = computation.code.program_counter
            plain(computation)
            if computation.msg.code_address in self.watched:
                self.branches.add((at - 1, computation.code.program_counter != at))

        jumpi.watches = True
        kind.opcodes = {**kind.opcodes, 0x57: jumpi}


def branch_positions(code: bytes):
    """Where the conditional jumps of a piece of EVM code are; push data is skipped."""
    at, out = 0, []
    while at < len(code):
        if code[at] == 0x57:
            out.append(at)
        at += 1 + (code[at] - 0x5F if 0x60 <= code[at] <= 0x7F else 0)
    return out
