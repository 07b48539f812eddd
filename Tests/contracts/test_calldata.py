"""Calldata that is not exactly what the ABI encodes for at least one payment moves nothing."""
import unittest

from harness import (BAD_CALLDATA, PAY_NATIVE, PAY_TOKEN, PAY_WIDE, UNEXPECTED_VALUE, Desk, pay_native, pay_token, pay_wide, person, selector)

HEADS = {"token": 0x84, "wide": 0x84, "native": 0x44}


class Calldata(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()
        cls.token = cls.desk.token("Token")
        cls.desk.approve(cls.token)
        payments = [(person(i), 100 + i) for i in range(3)]
        cls.good = {"token": (pay_token(cls.token, payments), 0), "wide": (pay_wide(cls.token, payments), 0), "native": (pay_native(payments), 303)}

    def each(self):
        for name, (data, value) in self.good.items():
            with self.subTest(function=name):
                yield name, data, value

    def bad(self, data, value=0, revert=BAD_CALLDATA):
        outcome = self.desk.attempt(bytes(data), value)
        self.assertFalse(outcome.ok)
        self.assertEqual(outcome.revert.hex(), revert.hex())

    def with_word(self, data, at, number):
        return data[:at] + (number % 2**256).to_bytes(32, "big") + data[at + 32:]

    def test_the_untouched_encodings_are_accepted(self):
        for _, data, value in self.each():
            self.assertTrue(self.desk.attempt(data, value).ok)

    def test_an_empty_list_is_refused(self):
        self.bad(pay_token(self.token, []))
        self.bad(pay_wide(self.token, []))
        self.bad(pay_native([]))

    def test_every_truncation_is_refused(self):
        for _, data, value in self.each():
            for size in [*range(0, len(data), 5), *range(len(data) - 33, len(data))]:
                self.bad(data[:size], value)

    def test_every_longer_calldata_is_refused(self):
        for name, data, value in self.each():
            for more in (b"\0", b"\1", bytes(31), bytes(32), bytes(33), bytes(64), data):
                self.bad(data + more, value)

    def test_a_count_that_lies_is_refused(self):
        for name, data, value in self.each():
            for count in (0, 1, 2, 4, 6, 2**64, 2**128 + 3, 2**248 + 3, 2**250 + 3, 2**251 + 3, 2**255 + 3, 2**256 - 1, 2**256 - 3):
                self.bad(self.with_word(data, HEADS[name] - 32, count), value)

    def test_a_count_whose_size_wraps_to_nothing_is_refused(self):
        for name, data, value in self.each():
            empty = data[:HEADS[name]]
            for count in (0, 2**250, 2**251, 2**252, 2**255, 2**256 - 1):
                self.bad(self.with_word(empty, HEADS[name] - 32, count), value)

    def test_an_offset_other_than_the_canonical_one_is_refused(self):
        for name, data, value in self.each():
            good = HEADS[name] - 32 - 4
            for offset in (0, 1, good - 1, good + 1, good + 32, len(data), 2**255 + good, 2**256 - 32, 2**256 - 1):
                self.bad(self.with_word(data, HEADS[name] - 64, offset), value)

    def test_dirty_bits_above_the_token_address_are_refused(self):
        for name in ("token", "wide"):
            data, value = self.good[name]
            for bit in (160, 161, 200, 255):
                self.bad(self.with_word(data, 4, int(self.token, 16) | 1 << bit), value)

    def test_an_unknown_function_a_short_selector_and_a_bare_payment_are_refused(self):
        for data in (b"", b"\0", b"\0" * 4, b"\0" * 200, selector("disperseToken(address,address[],uint256[])") + bytes(200), b"\xff" * 300):
            for value in (0, 1):
                self.bad(data, value)
        for signature in (PAY_TOKEN, PAY_WIDE, PAY_NATIVE):
            self.bad(selector(signature)[:3])
            self.bad(selector(signature))

    def test_value_is_looked_at_before_the_rest_of_a_token_payment(self):
        for signature in (PAY_TOKEN, PAY_WIDE):
            self.bad(selector(signature), 1, UNEXPECTED_VALUE)

    def test_every_flipped_bit_of_the_head_is_refused_or_another_payment(self):
        # A flip in the token or the total asks for something else and fails there; the rest must be BadCalldata.
        for name, data, value in self.each():
            first = 0x44 if name != "native" else 0x04
            for bit in range(first * 8, HEADS[name] * 8, 3):
                spoiled = bytearray(data)
                spoiled[bit // 8] ^= 0x80 >> bit % 8
                self.bad(spoiled, value)


if __name__ == "__main__":
    unittest.main()
