"""Random batches, sound and broken, against a model of the contract in plain Python."""
import copy
import os
import random
import unittest

from eth_abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils import to_checksum_address

from harness import (BAD_CALLDATA, BALANCE_CHANGED, NOT_A_TOKEN, PAY_NATIVE, PAY_TOKEN, PAY_WIDE, PULL_FAILED, TOTAL_MISMATCH,
                     UNEXPECTED_VALUE, Desk, encode, pay_native, pay_token, pay_wide, person, recipient_failed, selector)

CASES, SEED = int(os.environ.get("FUZZ_CASES", "400")), int(os.environ.get("FUZZ_SEED", "2024"))
SHAPES = {PAY_TOKEN: ["uint256", "uint256", "uint256[]"], PAY_WIDE: ["uint256", "uint256", "(uint256,uint256)[]"], PAY_NATIVE: ["uint256[]"]}
ZERO = "0x" + "00" * 20


class Refused(Exception):
    """The model's revert; the argument is the revert data."""


class ModelToken:
    """Balances and one spender; `kind` is the name of the contract it mirrors."""

    def __init__(self, kind, fee=0):
        self.kind, self.fee, self.allowance, self.held, self.blocked = kind, fee, {}, {}, set()

    def move(self, source, to, amount) -> bool:
        if to == ZERO or {source, to} & self.blocked or self.held.get(source, 0) < amount:
            return False
        fee = amount * self.fee // 10_000
        self.held[source] -= amount
        for who, part in ((to, amount - fee), (self.owner, fee)):
            self.held[who] = self.held.get(who, 0) + part
        return True


class Model:
    """What AlmonerBatch promises, with balances in dictionaries and `eth_abi` to say what canonical calldata is."""

    def __init__(self, batch, tokens, refuses_coins):
        self.batch, self.tokens, self.refuses_coins = batch, tokens, refuses_coins

    def call(self, data, value, sender):
        function = next((s for s in SHAPES if selector(s) == data[:4]), None)
        if function is None:
            raise Refused(BAD_CALLDATA)
        if function != PAY_NATIVE and value:
            raise Refused(UNEXPECTED_VALUE)
        try:
            fields = decode(SHAPES[function], data[4:])
        except (DecodingError, OverflowError):
            raise Refused(BAD_CALLDATA) from None
        if encode(SHAPES[function], fields) != data[4:] or not fields[-1]:
            raise Refused(BAD_CALLDATA)
        if function == PAY_WIDE:
            payments = list(fields[-1])
        else:
            payments = [(word >> 96, word % 2**96) for word in fields[-1]]
        if function == PAY_NATIVE:
            return self.native(payments, value)
        if fields[0] >> 160:
            raise Refused(BAD_CALLDATA)
        self.token(self.tokens.get(name(fields[0])), fields[1], payments, sender)

    def native(self, payments, value):
        left = value
        for i, (to, amount) in enumerate(payments):
            left -= amount
            if left < 0:
                raise Refused(TOTAL_MISMATCH)
            if name(to) in self.refuses_coins:
                raise Refused(recipient_failed(i))
        if left:
            raise Refused(TOTAL_MISMATCH)

    def token(self, token, total, payments, sender):
        if token is None:
            raise Refused(NOT_A_TOKEN)
        before = token.held.get(self.batch, 0)
        if token.allowance.get(sender, 0) < total or not token.move(sender, self.batch, total):
            raise Refused(PULL_FAILED)
        token.allowance[sender] -= total
        if token.held[self.batch] - before != total:
            raise Refused(BALANCE_CHANGED)
        paid = 0
        for i, (to, amount) in enumerate(payments):
            if to >> 160:
                raise Refused(BAD_CALLDATA)
            paid += amount
            if paid >= 2**256:
                raise Refused(TOTAL_MISMATCH)
            if not token.move(self.batch, name(to), amount):
                raise Refused(TOTAL_MISMATCH if paid > total else recipient_failed(i))
        if paid != total:
            raise Refused(TOTAL_MISMATCH)
        if token.held.get(self.batch, 0) != before:
            raise Refused(BALANCE_CHANGED)


def name(number: int) -> str:
    return to_checksum_address(number.to_bytes(20, "big"))


class Fuzz(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = desk = Desk("fuzz")
        cls.bad = desk.deploy("RejectingRecipient", ["uint256"], [1])
        cls.blocked = person(0)
        cls.crowd = [person(i) for i in range(8)] + [desk.batch, desk.owner, desk.other, cls.bad, ZERO]
        cls.addresses = {
            "Token": desk.token("Token"), "NoReturnToken": desk.token("NoReturnToken"),
            "FalseToken": desk.token("FalseToken"), "FeeToken": desk.token("FeeToken", 100)}
        desk.tell(cls.addresses["Token"], "setFrozen(address,bool)", cls.blocked, True)
        desk.tell(cls.addresses["FalseToken"], "setRefused(address,bool)", cls.blocked, True)
        for kind, token in cls.addresses.items():
            desk.tell(token, "transfer(address,uint256)", desk.batch, 10**7)  # strayed tokens, for thieves
            desk.tell(token, "transfer(address,uint256)", desk.other, 10**9)
            desk.approve(token, 2**200)
            desk.approve(token, 10**6, sender=1)
        cls.coins = desk.coins(desk.batch)
        cls.start = cls.model(cls)

    def model(self):
        """A model that holds what the chain holds now."""
        tokens = {}
        for kind, address in self.addresses.items():
            token = ModelToken(kind, 100 if kind == "FeeToken" else 0)
            token.owner = self.desk.owner
            token.blocked = {self.blocked} if kind in ("Token", "FalseToken") else set()
            token.held = {who: self.desk.balance(address, who) for who in self.crowd}
            token.allowance = {who: self.desk.ask(address, "allowance(address,address)", who, self.desk.batch) for who in (self.desk.owner, self.desk.other)}
            tokens[address] = token
        return Model(self.desk.batch, tokens, {self.bad, self.desk.batch})

    def amount(self, dice, wide):
        top = 256 if wide and dice.random() < 0.05 else 96 if dice.random() < 0.05 else dice.choice([8, 16, 20])
        return min(dice.getrandbits(top), 2**256 - 1)

    def case(self, dice):
        """One call: mostly plausible, with one or two things wrong in about half of the cases."""
        function = dice.choice([PAY_TOKEN, PAY_WIDE, PAY_NATIVE])
        crowd = self.crowd if dice.random() < 0.3 else self.crowd[1:8]
        payments = [(dice.choice(crowd), self.amount(dice, function == PAY_WIDE)) for _ in range(dice.choice([1, 1, 2, 3, 5, 9, 17]))]
        total = sum(a for _, a in payments)
        if dice.random() < 0.2:
            total += dice.choice([-1, 1, -payments[-1][1], 2**96, total])
        total = min(max(total, 0), 2**256 - 1)
        sender = 1 if dice.random() < 0.2 else 0
        if function == PAY_NATIVE:
            payments = [(to, amount % 2**90) for to, amount in payments]
            value = min(total if dice.random() < 0.3 else sum(a for _, a in payments), 10**22)
            data = pay_native(payments)
        else:
            value = 1 if dice.random() < 0.03 else 0
            token = dice.choice(list(self.addresses.values())) if dice.random() < 0.95 else dice.choice([person(3), ZERO, self.desk.batch])
            data = (pay_token if function == PAY_TOKEN else pay_wide)(token, payments, total)
        if dice.random() < 0.25:
            data = self.spoil(dice, bytearray(data))
        return bytes(data), value, sender

    @staticmethod
    def spoil(dice, data):
        how = dice.randrange(5)
        if how == 0:
            del data[dice.randrange(len(data)):]
        elif how == 1:
            data += dice.randbytes(dice.choice([1, 31, 32, 64]))
        elif how == 2:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        elif how == 3 and len(data) > 0x84:
            at = dice.choice([0x04, 0x24, 0x44, 0x64])
            data[at:at + 32] = dice.choice([0, 1, 2**251, 2**255, 2**256 - 1, dice.getrandbits(256)]).to_bytes(32, "big")
        else:
            at = 4 + 32 * dice.randrange((len(data) - 4) // 32)
            del data[at:at + 32]
        return data

    def test_the_contract_does_what_the_model_does(self):
        dice, verdicts = random.Random(SEED), {}
        for number in range(CASES):
            mark = self.desk.chain.rpc_evm_snapshot([])
            data, value, sender = self.case(dice)
            model = copy.deepcopy(self.start)
            account = (self.desk.owner, self.desk.other)[sender]
            try:
                model.call(data, value, account)
                expected = b""
            except Refused as refusal:
                expected, model = refusal.args[0], self.start
            outcome = self.desk.attempt(data, value, sender)
            what = f"case {number} of seed {SEED}: {data.hex()} value {value} sender {sender}"
            self.assertEqual((outcome.ok, outcome.revert.hex()), (not expected, expected.hex()), what)
            for address, token in model.tokens.items():
                if bytes.fromhex(address[2:]) in data:
                    for who in self.crowd:
                        self.assertEqual(self.desk.balance(address, who), token.held[who], what)
            self.assertEqual(self.desk.coins(self.desk.batch), self.coins, what)
            verdicts[expected[:4]] = verdicts.get(expected[:4], 0) + 1
            self.desk.chain.rpc_evm_revert([mark])
        # The dice must reach every verdict, or the comparison proves little.
        if CASES >= 400:
            self.assertEqual(len(verdicts), 8, verdicts)
            self.assertGreater(verdicts[b""], CASES // 5)


if __name__ == "__main__":
    unittest.main()
