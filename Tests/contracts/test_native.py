"""payNative against accounts and against contracts that refuse, burn gas or call back."""
import unittest

from harness import TOO_LITTLE_GAS, TOTAL_MISMATCH, Desk, pay_native, person, recipient_failed

ACCEPTS, REVERTS, BURNS_GAS, LONG_REVERT, CALLS, CALLS_OR_REVERTS, WRITES = range(7)


class Native(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()
        cls.contract = cls.desk.deploy("RejectingRecipient", ["uint256"], [ACCEPTS])

    def setUp(self):
        self.mark = self.desk.chain.rpc_evm_snapshot([])

    def tearDown(self):
        self.desk.chain.rpc_evm_revert([self.mark])

    def be(self, mode):
        self.desk.tell(self.contract, "setMode(uint256)", mode)

    def paid(self, payments, **options):
        before = {p: self.desk.coins(p) for p, _ in payments}
        stray = self.desk.coins(self.desk.batch)
        outcome = self.desk.attempt(pay_native(payments), sum(a for _, a in payments), **options)
        self.assertTrue(outcome.ok, outcome.revert.hex())
        for p, amount in payments:
            self.assertEqual(self.desk.coins(p), before[p] + amount)
        self.assertEqual(self.desk.coins(self.desk.batch), stray)
        return outcome

    def refused(self, payments, revert, value=None, **options):
        before = {p: self.desk.coins(p) for p, _ in payments}
        value = sum(a for _, a in payments) if value is None else value
        outcome = self.desk.attempt(pay_native(payments), value, **options)
        self.assertFalse(outcome.ok)
        self.assertEqual(outcome.revert.hex(), revert.hex())
        self.assertEqual(before, {p: self.desk.coins(p) for p, _ in payments})

    def around(self, place=1):
        """Three payments, one of them to the contract."""
        payments = [(person(i), 1000 + i) for i in range(2)]
        return payments[:place] + [(self.contract, 500)] + payments[place:]

    def test_1_200_256_and_500_recipients_are_paid_exactly(self):
        for count in (1, 200, 256, 500):
            self.paid([(person(i), i * 7919 % 1000) for i in range(count)])

    def test_the_value_must_equal_the_sum(self):
        payments = [(person(i), 1000 + i) for i in range(3)]
        self.refused(payments, TOTAL_MISMATCH, 3004)
        self.refused(payments, TOTAL_MISMATCH, 3002)
        self.refused(payments, TOTAL_MISMATCH, 0)

    def test_coins_that_strayed_here_cannot_make_up_for_value_that_is_missing(self):
        self.desk.chain.rpc_dev_setBalance([self.desk.batch, hex(10**18)])
        payments = [(person(i), 1000 + i) for i in range(3)]
        for value in (0, 3002, 3004):
            self.refused(payments, TOTAL_MISMATCH, value)
        self.paid(payments)

    def test_a_contract_that_accepts_or_writes_its_storage_is_paid(self):
        for mode in (ACCEPTS, WRITES):
            self.be(mode)
            for place in (0, 1, 2):
                self.paid(self.around(place))

    def test_a_contract_that_refuses_is_named_and_nobody_is_paid(self):
        self.desk.tell(self.contract, "setCall(address,bytes,uint256)", self.contract, bytes(1024), 0)
        for mode in (REVERTS, BURNS_GAS, LONG_REVERT):
            self.be(mode)
            for place in (0, 1, 2):
                self.refused(self.around(place), recipient_failed(place))

    def test_a_recipient_that_burns_gas_burns_no_more_than_its_share(self):
        self.be(BURNS_GAS)
        outcome = self.desk.attempt(pay_native(self.around(0)), 2501)
        self.assertFalse(outcome.ok)
        self.assertLess(outcome.gas, 21_000 + 50_000 + 2_300 + 15_000)

    def test_a_payment_to_the_batch_contract_itself_is_refused(self):
        self.refused([(person(0), 5), (self.desk.batch, 5)], recipient_failed(1))

    def test_lack_of_gas_accuses_nobody(self):
        self.be(WRITES)
        payments = self.around(2)
        data = pay_native(payments)
        seen = set()
        for gas in range(24_000, 220_000, 701):
            call = {"from": self.desk.owner, "to": self.desk.batch, "data": "0x" + data.hex(), "value": hex(2501)}
            dry = self.desk.chain.simulate(call, self.desk.chain.head, gas)
            seen.add((dry.is_error, bytes(dry.output) if dry.is_error else b""))
        self.assertLessEqual(seen, {(False, b""), (True, b""), (True, TOO_LITTLE_GAS)})
        self.assertIn((True, TOO_LITTLE_GAS), seen)

    def nest(self, payments, value, mode):
        self.desk.tell(self.contract, "setCall(address,bytes,uint256)", self.desk.batch, pay_native(payments), value)
        self.be(mode)

    def test_a_nested_batch_that_pays_for_itself_takes_nothing_from_the_outer_one(self):
        friend = self.desk.other
        self.nest([(friend, 300)], 300, CALLS_OR_REVERTS)
        before = self.desk.coins(friend)
        kept = self.desk.coins(self.contract)
        payments = self.around()
        self.assertTrue(self.desk.attempt(pay_native(payments), 2501).ok)
        self.assertEqual(self.desk.coins(friend), before + 300)
        self.assertEqual(self.desk.coins(self.contract), kept + 500 - 300)
        self.assertEqual(self.desk.coins(self.desk.batch), 0)

    def test_a_nested_batch_cannot_spend_what_the_outer_one_holds(self):
        friend = self.desk.other
        before = self.desk.coins(friend)
        for value in (0, 299):
            self.nest([(friend, 300)], value, CALLS)
            self.paid(self.around())
            self.assertEqual(self.desk.coins(friend), before)
            self.nest([(friend, 300)], value, CALLS_OR_REVERTS)
            self.refused(self.around(), recipient_failed(1))

    def test_zero_amounts_and_repeated_recipients_are_paid(self):
        self.paid([(person(0), 0)])
        before = self.desk.coins(person(5))
        self.assertTrue(self.desk.attempt(pay_native([(person(5), 2), (person(5), 3)]), 5).ok)
        self.assertEqual(self.desk.coins(person(5)), before + 5)


if __name__ == "__main__":
    unittest.main()
