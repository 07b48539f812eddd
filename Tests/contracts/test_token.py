"""payToken and payTokenWide against well-behaved, odd and hostile tokens."""
import unittest

from harness import (BALANCE_CHANGED, BAD_CALLDATA, NOT_A_TOKEN, PULL_FAILED, TOO_LITTLE_GAS, TOTAL_MISMATCH, UNEXPECTED_VALUE,
                     Desk, encode, pay_token, pay_wide, person, recipient_failed, selector)

TRUE, EMPTY = (1).to_bytes(32, "big"), b""
NOBODY = "0x" + "00" * 20
MOVES_NOTHING, TAKES_MORE, BURNS_GAS, CALLS, CALLS_OR_REVERTS, REVERTS = 1, 2, 3, 4, 5, 6


class TokenCase(unittest.TestCase):
    """Every test begins on the same chain: token, approval, nothing in the contract."""

    @classmethod
    def setUpClass(cls):
        cls.desk = desk = Desk()
        cls.token = desk.token("Token")
        cls.silent = desk.token("NoReturnToken")
        cls.false = desk.token("FalseToken")
        cls.fee = desk.token("FeeToken", 100)
        cls.odd = desk.deploy("OddToken")
        for token in (cls.token, cls.silent, cls.false, cls.fee):
            desk.approve(token)
        desk.tell(cls.odd, "mint(address,uint256)", desk.owner, 10**30)
        cls.people = [person(i) for i in range(5)]
        cls.payments = [(p, 100 + i) for i, p in enumerate(cls.people)]

    def setUp(self):
        self.mark = self.desk.chain.rpc_evm_snapshot([])

    def tearDown(self):
        self.desk.chain.rpc_evm_revert([self.mark])

    def paid(self, token, data, payments, **options):
        before = {p: self.held(token, p) for p, _ in payments}
        stray = self.held(token, self.desk.batch)
        outcome = self.desk.attempt(data, **options)
        self.assertTrue(outcome.ok, outcome.revert.hex())
        for p, amount in payments:
            self.assertEqual(self.held(token, p), before[p] + amount)
        self.assertEqual(self.held(token, self.desk.batch), stray)
        return outcome

    def refused(self, data, revert, **options):
        outcome = self.desk.attempt(data, **options)
        self.assertFalse(outcome.ok)
        self.assertEqual(outcome.revert.hex(), revert.hex())
        self.assertEqual(outcome.logs, [])

    def held(self, token, who):
        return self.desk.ask(token, "held(address)", who) if token == self.odd else self.desk.balance(token, who)

    def be_odd(self, answer=TRUE, to=NOBODY, trick=0, extra=0):
        self.desk.tell(self.odd, "setOdd(bool,address,bytes,uint256,uint256)", True, to, answer, trick, extra)


class Paying(TokenCase):
    def test_both_forms_pay_1_200_256_and_500_recipients_exactly(self):
        for count in (1, 200, 256, 500):
            payments = [(person(1000 + i), i * 7919 % 1000 + 1) for i in range(count)]
            for form in (pay_token, pay_wide):
                with self.subTest(form=form.__name__, count=count):
                    outcome = self.paid(self.token, form(self.token, payments), payments)
                    self.assertEqual(len(outcome.logs), count + 1)

    def test_a_recipient_named_twice_is_paid_twice(self):
        to = self.people[0]
        for form in (pay_token, pay_wide):
            before = self.desk.balance(self.token, to)
            self.assertTrue(self.desk.attempt(form(self.token, [(to, 5), (to, 6)])).ok)
            self.assertEqual(self.desk.balance(self.token, to), before + 11)

    def test_amounts_of_zero_and_the_largest_packed_amount_are_paid(self):
        payments = [(self.people[0], 0), (self.people[1], 2**96 - 1), (self.people[2], 1)]
        for form in (pay_token, pay_wide):
            self.paid(self.token, form(self.token, payments), payments)
        self.paid(self.token, pay_token(self.token, [(self.people[0], 0)]), [(self.people[0], 0)])

    def test_the_wide_form_pays_amounts_past_96_bits(self):
        payments = [(self.people[0], 2**96), (self.people[1], 2**96 + 1)]
        self.paid(self.token, pay_wide(self.token, payments), payments)

    def test_a_payment_to_the_sender_itself_is_paid(self):
        before = self.desk.balance(self.token, self.desk.owner)
        self.assertTrue(self.desk.attempt(pay_token(self.token, [(self.desk.owner, 9)])).ok)
        self.assertEqual(self.desk.balance(self.token, self.desk.owner), before)

    def test_anyone_may_use_the_contract_but_only_with_their_own_tokens(self):
        self.refused(pay_token(self.token, self.payments), PULL_FAILED, sender=1)
        self.desk.tell(self.token, "transfer(address,uint256)", self.desk.other, 10**6)
        self.refused(pay_token(self.token, self.payments), PULL_FAILED, sender=1)
        self.desk.approve(self.token, 10**6, sender=1)
        before = self.desk.balance(self.token, self.desk.owner)
        self.paid(self.token, pay_token(self.token, self.payments), self.payments, sender=1)
        self.assertEqual(self.desk.balance(self.token, self.desk.owner), before)

    def test_a_token_that_answers_nothing_is_paid(self):
        for form in (pay_token, pay_wide):
            self.paid(self.silent, form(self.silent, self.payments), self.payments)

    def test_a_token_that_answers_true_where_others_revert_false_is_paid(self):
        self.paid(self.false, pay_token(self.false, self.payments), self.payments)


class Refusing(TokenCase):
    def test_value_with_a_token_payment_is_refused(self):
        for form in (pay_token, pay_wide):
            self.refused(form(self.token, self.payments), UNEXPECTED_VALUE, value=1)

    def test_too_little_allowance_or_balance_is_refused_before_any_recipient(self):
        total = sum(a for _, a in self.payments)
        for token in (self.token, self.silent, self.false):
            self.desk.approve(token, total - 1)
            self.refused(pay_token(token, self.payments), PULL_FAILED)
            self.desk.approve(token, total)
            self.paid(token, pay_token(token, self.payments), self.payments)
            self.desk.tell(token, "transfer(address,uint256)", self.desk.other, total - 1)
            self.desk.approve(token, total, sender=1)
            self.refused(pay_wide(token, self.payments), PULL_FAILED, sender=1)

    def test_a_frozen_recipient_is_named_wherever_it_stands_and_nobody_is_paid(self):
        for place in (0, 2, 4):
            self.desk.tell(self.token, "setFrozen(address,bool)", self.people[place], True)
            for form in (pay_token, pay_wide):
                self.refused(form(self.token, self.payments), recipient_failed(place))
            self.desk.tell(self.token, "setFrozen(address,bool)", self.people[place], False)
        self.assertEqual(self.desk.balance(self.token, self.people[0]), 0)

    def test_a_token_that_answers_false_fails_the_batch_and_names_the_recipient(self):
        self.desk.tell(self.false, "setRefused(address,bool)", self.people[3], True)
        for form in (pay_token, pay_wide):
            self.refused(form(self.false, self.payments), recipient_failed(3))

    def test_recipient_255_256_and_499_are_named_by_their_number(self):
        payments = [(person(1000 + i), 1) for i in range(500)]
        for place, form in ((255, pay_token), (256, pay_wide), (499, pay_token), (499, pay_wide)):
            self.desk.tell(self.token, "setFrozen(address,bool)", payments[place][0], True)
            self.refused(form(self.token, payments), recipient_failed(place))
            self.desk.tell(self.token, "setFrozen(address,bool)", payments[place][0], False)

    def test_payments_that_do_not_add_up_to_the_total_are_refused(self):
        total = sum(a for _, a in self.payments)
        for form in (pay_token, pay_wide):
            self.refused(form(self.token, self.payments, total + 1), TOTAL_MISMATCH)
            # The contract runs out of tokens at the last recipient, who is not accused of it.
            self.refused(form(self.token, self.payments, total - 1), TOTAL_MISMATCH)
            self.refused(form(self.token, self.payments, 0), TOTAL_MISMATCH)

    def test_a_total_that_is_short_cannot_be_made_up_from_tokens_that_strayed_here(self):
        self.desk.tell(self.token, "transfer(address,uint256)", self.desk.batch, 10**6)
        total = sum(a for _, a in self.payments)
        for form in (pay_token, pay_wide):
            self.refused(form(self.token, self.payments, total - 1), TOTAL_MISMATCH)
            self.refused(form(self.token, self.payments, 0), TOTAL_MISMATCH)

    def test_a_sum_that_wraps_past_256_bits_is_refused(self):
        # Such amounts exist for no honest token: this one agrees to everything for one recipient, and moves nothing.
        to = self.people[0]
        self.be_odd(to=to, trick=MOVES_NOTHING)
        self.refused(pay_wide(self.odd, [(to, 2**255), (to, 2**255)], 0), TOTAL_MISMATCH)
        self.refused(pay_wide(self.odd, [(to, 5), (to, 2**256 - 1), (to, 1)], 5), TOTAL_MISMATCH)

    def test_the_largest_amount_there_is_can_be_paid(self):
        self.desk.tell(self.odd, "mint(address,uint256)", self.desk.other, 2**256 - 1)
        self.paid(self.odd, pay_wide(self.odd, [(self.people[0], 2**256 - 1)]), [(self.people[0], 2**256 - 1)], sender=1)

    def test_an_address_without_code_is_no_token(self):
        for form in (pay_token, pay_wide):
            for token in (self.people[0], NOBODY, self.desk.owner):
                self.refused(form(token, self.payments), NOT_A_TOKEN)
        # Precompiles have no code either, though some of them answer.
        for precompile in range(1, 11):
            self.refused(pay_token("0x" + precompile.to_bytes(20, "big").hex(), self.payments), NOT_A_TOKEN)

    def test_a_contract_that_does_not_answer_balance_of_is_no_token(self):
        self.refused(pay_token(self.desk.batch, self.payments), NOT_A_TOKEN)
        for answer in (EMPTY, b"\1", bytes(31)):
            self.desk.tell(self.odd, "setOddBalance(bool,bytes)", True, answer)
            self.refused(pay_token(self.odd, self.payments), NOT_A_TOKEN)
            self.refused(pay_wide(self.odd, self.payments), TOO_LITTLE_GAS, gas=70_000)
        self.refused(pay_token(self.people[0], self.payments), NOT_A_TOKEN, gas=70_000)

    def test_a_payment_to_the_contract_itself_is_refused(self):
        for form in (pay_token, pay_wide):
            self.refused(form(self.token, [(self.people[0], 1), (self.desk.batch, 1)]), BALANCE_CHANGED)
        self.refused(pay_token(self.token, [(NOBODY, 1)]), recipient_failed(0))


class Answers(TokenCase):
    BAD = {
        "false": bytes(32), "two": (2).to_bytes(32, "big"), "three": (3).to_bytes(32, "big"), "all bits": b"\xff" * 32,
        "true at the wrong end": b"\1" + bytes(31), "one zero byte": b"\0", "one byte of 1": b"\1", "31 zero bytes": bytes(31),
        "31 bytes ending in 1": bytes(30) + b"\1", "33 bytes of false": bytes(33), "64 bytes, false first": bytes(32) + TRUE}
    GOOD = {"true": TRUE, "nothing": EMPTY, "true and more": TRUE + bytes(32), "true and a byte": TRUE + b"\xff"}

    def test_only_true_or_nothing_is_agreement_to_a_transfer(self):
        for form in (pay_token, pay_wide):
            for place in (0, 2, 4):
                for name, answer in self.BAD.items():
                    with self.subTest(form=form.__name__, place=place, answer=name):
                        self.be_odd(answer, self.people[place])
                        self.refused(form(self.odd, self.payments), recipient_failed(place))
                for name, answer in self.GOOD.items():
                    with self.subTest(form=form.__name__, place=place, answer=name):
                        self.be_odd(answer, self.people[place])
                        self.paid(self.odd, form(self.odd, self.payments), self.payments)

    def test_only_true_or_nothing_is_agreement_to_the_pull(self):
        for form in (pay_token, pay_wide):
            for answer in self.BAD.values():
                self.be_odd(answer, self.desk.batch)
                self.refused(form(self.odd, self.payments), PULL_FAILED)
            for answer in self.GOOD.values():
                self.be_odd(answer, self.desk.batch)
                self.paid(self.odd, form(self.odd, self.payments), self.payments)

    def test_a_revert_is_refusal_whatever_it_says(self):
        for answer in (EMPTY, TRUE, bytes(32), TRUE + TRUE):
            self.be_odd(answer, self.people[1], REVERTS)
            for form in (pay_token, pay_wide):
                self.refused(form(self.odd, self.payments), recipient_failed(1))
            self.be_odd(answer, self.desk.batch, REVERTS)
            self.refused(pay_token(self.odd, self.payments), PULL_FAILED)

    def test_lack_of_gas_accuses_nobody(self):
        self.be_odd(to=self.people[1], trick=BURNS_GAS)
        for form in (pay_token, pay_wide):
            self.refused(form(self.odd, self.payments), recipient_failed(1), gas=10_000_000)
            self.refused(form(self.odd, self.payments), TOO_LITTLE_GAS, gas=1_000_000)
        self.be_odd(to=self.desk.batch, trick=BURNS_GAS)
        self.refused(pay_token(self.odd, self.payments), PULL_FAILED, gas=10_000_000)
        self.refused(pay_token(self.odd, self.payments), TOO_LITTLE_GAS, gas=1_000_000)

    def test_every_gas_limit_gives_payment_or_lack_of_gas_never_an_accusation(self):
        payments = self.payments[:3]
        data = pay_token(self.token, payments)
        need = self.desk.attempt(data).gas
        seen = set()
        for gas in range(40_000, need + 60_000, 1_501):
            dry = self.desk.chain.simulate({"from": self.desk.owner, "to": self.desk.batch, "data": "0x" + data.hex()}, self.desk.chain.head, gas)
            seen.add((dry.is_error, bytes(dry.output) if dry.is_error else b""))
        self.assertLessEqual(seen, {(False, b""), (True, b""), (True, TOO_LITTLE_GAS)})
        self.assertIn((True, TOO_LITTLE_GAS), seen)


class FeesAndStrays(TokenCase):
    def test_a_fee_on_transfer_is_refused_and_no_recipient_accused(self):
        for form in (pay_token, pay_wide):
            self.refused(form(self.fee, [(p, 1000) for p in self.people]), BALANCE_CHANGED)

    def test_a_fee_on_transfer_is_never_paid_from_tokens_that_strayed_here(self):
        self.desk.tell(self.fee, "transfer(address,uint256)", self.desk.batch, 10**9)
        for form in (pay_token, pay_wide):
            self.refused(form(self.fee, [(p, 1000) for p in self.people]), BALANCE_CHANGED)
            # Nor by asking for more than is paid out, so that the fee is covered.
            self.refused(form(self.fee, [(p, 990) for p in self.people], 5000), BALANCE_CHANGED)

    def test_the_same_token_without_a_fee_is_paid(self):
        self.desk.tell(self.fee, "setFee(uint256)", 0)
        payments = [(p, 1000) for p in self.people]
        self.paid(self.fee, pay_token(self.fee, payments), payments)

    def test_a_fee_that_the_sender_of_a_transfer_pays_is_never_taken_from_strayed_tokens(self):
        self.desk.tell(self.odd, "mint(address,uint256)", self.desk.batch, 10**6)
        self.be_odd(to=self.people[2], trick=TAKES_MORE, extra=1)
        for form in (pay_token, pay_wide):
            self.refused(form(self.odd, self.payments), BALANCE_CHANGED)

    def test_a_pull_that_brings_nothing_is_never_paid_from_strayed_tokens(self):
        self.desk.tell(self.odd, "mint(address,uint256)", self.desk.batch, 10**6)
        self.be_odd(to=self.desk.batch, trick=MOVES_NOTHING)
        for form in (pay_token, pay_wide):
            self.refused(form(self.odd, self.payments), BALANCE_CHANGED)

    def test_strayed_tokens_stay_where_they_are_and_disturb_nothing(self):
        for token in (self.token, self.silent, self.false):
            self.desk.tell(token, "transfer(address,uint256)", self.desk.batch, 12_345)
            for form in (pay_token, pay_wide):
                self.paid(token, form(token, self.payments), self.payments)
            self.assertEqual(self.desk.balance(token, self.desk.batch), 12_345)


class Reentering(TokenCase):
    """A token that calls back in the middle of a batch, as ERC-777 hooks let recipients do."""

    def call_back(self, data, trick=CALLS, target=None, to=None):
        self.desk.tell(self.odd, "setCall(address,bytes)", target or self.desk.batch, data)
        self.be_odd(to=to or self.people[2], trick=trick)

    def succeeded(self):
        return self.desk.ask(self.odd, "succeeded()") == 1

    def test_a_nested_batch_that_pays_for_itself_takes_nothing_from_the_outer_one(self):
        # The token is its own payer in the nested call; its allowance is unlimited.
        self.desk.tell(self.odd, "mint(address,uint256)", self.odd, 50)
        for form in (pay_token, pay_wide):
            self.call_back(pay_token(self.odd, [(person(77), 25)]))
            before = self.held(self.odd, person(77))
            self.paid(self.odd, form(self.odd, self.payments), self.payments)
            self.assertTrue(self.succeeded())
            self.assertEqual(self.held(self.odd, person(77)), before + 25)
        self.assertEqual(self.held(self.odd, self.odd), 0)

    def test_a_nested_batch_cannot_spend_what_the_outer_one_holds(self):
        self.desk.tell(self.odd, "mint(address,uint256)", self.odd, 50)
        for nested in (pay_token(self.odd, [(person(77), 50)], 0), pay_wide(self.odd, [(person(77), 50)], 49), pay_token(self.odd, [(person(77), 51)])):
            self.call_back(nested)
            self.paid(self.odd, pay_token(self.odd, self.payments), self.payments)
            self.assertFalse(self.succeeded())
            self.assertEqual(self.held(self.odd, person(77)), 0)

    def test_a_nested_refusal_that_is_passed_on_names_the_recipient(self):
        self.call_back(pay_token(self.odd, [(person(77), 51)]), CALLS_OR_REVERTS)
        for form in (pay_token, pay_wide):
            self.refused(form(self.odd, self.payments), recipient_failed(2))

    def test_tokens_given_to_the_contract_in_the_middle_stop_the_batch(self):
        mint = selector("mint(address,uint256)") + encode(["address", "uint256"], [self.desk.batch, 1])
        self.call_back(mint, target=self.odd)
        for form in (pay_token, pay_wide):
            self.refused(form(self.odd, self.payments), BALANCE_CHANGED)

    def test_a_token_that_turns_mute_at_the_pull_or_later_stops_the_batch(self):
        mute = selector("setOddBalance(bool,bytes)") + encode(["bool", "bytes"], [True, b""])
        # The hook also empties the answer to the transfer, which counts as agreement; the next balance is what fails.
        for to in (self.people[2], self.desk.batch):
            self.call_back(mute, target=self.odd, to=to)
            for form in (pay_token, pay_wide):
                self.refused(form(self.odd, self.payments), NOT_A_TOKEN)

    def test_the_dirty_address_of_a_wide_payment_is_bad_calldata(self):
        data = bytearray(pay_wide(self.token, self.payments))
        for bit in (0, 95):
            spoiled = bytearray(data)
            spoiled[0x84 + 3 * 64 + bit // 8] |= 0x80 >> bit % 8
            self.refused(bytes(spoiled), BAD_CALLDATA)


del TokenCase  # a base, not a case of its own: unittest must not count it

if __name__ == "__main__":
    unittest.main()
