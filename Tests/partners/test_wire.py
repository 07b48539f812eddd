import unittest
from decimal import Decimal

from stand_in import PARTNERS  # noqa: F401
from faults import Faults, Lies, parse_fault
from wire import read_json, same, text_of, units, write_json


class WireTests(unittest.TestCase):
    def test_a_number_keeps_its_digits(self):
        self.assertEqual(write_json(read_json(b'{"a":0.0002,"b":[1,-0.10,true,null],"c":"\\u00e9"}')),
                         '{"a":0.0002,"b":[1,-0.10,true,null],"c":"\\u00e9"}')
        self.assertEqual(write_json(Decimal("1E-7")), "0.0000001")

    def test_what_has_two_meanings_is_refused(self):
        for text in (b'{"a":1e2}', b'{"a":1E+2}', b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":Infinity}', b'\xff', b'{"a":1', b''):
            with self.assertRaises(ValueError, msg=text):
                read_json(text)
        with self.assertRaises(TypeError):
            write_json(0.1)

    def test_amounts_are_whole_smallest_units(self):
        self.assertEqual(units("1.5", 18), 1_500_000_000_000_000_000)
        self.assertEqual(units("100.0", 8), 10_000_000_000)
        for text in ("", "1.", ".5", "-1", "+1", "1e2", "0.123456789", " 1", "1\n", "٣", None, 1, True):
            self.assertIsNone(units(text, 8), text)
        for count, text in ((0, "0"), (1, "0.00000001"), (150_000_000, "1.5"), (-150_000_000, "-1.5"), (10**10, "100")):
            self.assertEqual(text_of(count, 8), text)

    def test_equality_is_that_of_json(self):
        self.assertTrue(same(read_json("[1.50,1,{}]"), read_json("[1.5,1.0,{}]")))
        for a, b in (("1", "true"), ("0", "false"), ("\"1\"", "1"), ("[1]", "[1,1]"), ("{\"a\":null}", "{}"), ("null", "false")):
            self.assertFalse(same(read_json(a), read_json(b)), (a, b))


class FaultTests(unittest.TestCase):
    def test_faults_wait_for_their_method_and_their_turn(self):
        faults = Faults()
        faults.add({"how": "timeout", "method": "pay", "skip": 1, "times": 2})
        faults.add({"how": "close", "times": None})
        self.assertEqual([(faults.take(name) or faults).how for name in ("read", "pay", "pay", "pay", "pay")],
                         ["close", "close", "timeout", "timeout", "close"])

    def test_a_fault_is_asked_for_in_words_it_has(self):
        for order in ({"how": "explode"}, {"how": "close", "executes": 3}, {"how": "close", "sometimes": 1}):
            with self.assertRaises(ValueError):
                Faults().add(order)
        self.assertEqual(parse_fault("timeout:0:pay:all"), {"how": "timeout", "executes": 0, "method": "pay", "times": None})

    def test_lies_change_what_is_shown_of_one_row(self):
        lies = Lies()
        lies.add({"kind": "late", "row": 0, "reads": 2}, 5)
        lies.add({"kind": "field", "row": "next", "name": "amount", "value": "9"}, 5)
        lies.add({"kind": "late", "row": 1, "ms": 100}, 5)
        lies.add({"kind": "twice", "row": 2}, 5)
        lies.add({"kind": "missing", "row": 3}, 5)
        row = {"amount": "1"}
        self.assertEqual([lies.seen(0, row, 0) for _ in range(3)], [[], [], [row]])
        self.assertEqual(lies.seen(5, row, 0), [{"amount": "9"}])
        self.assertEqual([lies.seen(1, row, age) for age in (99, 100)], [[], [row]])
        self.assertEqual((lies.seen(2, row, 0), lies.seen(3, row, 0)), ([row, row], []))
        for order in ({"kind": "late", "row": 1}, {"kind": "missing"}, {"kind": "field", "row": 1}, {"kind": "white"}, {"kind": "stranger"}):
            with self.assertRaises(ValueError):
                lies.add(order, 0)
