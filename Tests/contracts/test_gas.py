"""Gas per recipient: close above what the token itself uses, and well below the disperse method."""
import unittest

from gas import measure


class Gas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = {(asset, state, method): gas for asset, state, method, gas in measure(200)}

    def test_the_token_s_own_work_is_all_but_770_gas_of_a_warm_payment(self):
        for token in ("Token", "NoReturnToken"):
            self.assertLess(self.rows[token, "warm", "payToken"] - self.rows[token, "warm", "floor"], 770)

    def test_a_warm_payment_of_an_ordinary_token_costs_at_most_10_000(self):
        self.assertLessEqual(self.rows["NoReturnToken", "warm", "payToken"], 8_550)

    def test_a_warm_payment_of_the_development_token_stays_where_it_is(self):
        # Its freeze list alone is a cold read of 2,100 for each recipient; its transfer uses 10,074 by itself.
        self.assertLessEqual(self.rows["Token", "warm", "payToken"], 10_950)

    def test_every_way_of_paying_is_cheaper_than_the_disperse_method(self):
        for asset, ours, theirs, saved in (
                ("Token", "payToken", "disperseToken", 1_050), ("Token", "payTokenWide", "disperseToken", 850),
                ("NoReturnToken", "payToken", "disperseToken", 1_050), ("native", "payNative", "disperseEther", 400)):
            for state in ("cold", "warm"):
                self.assertGreater(self.rows[asset, state, theirs] - self.rows[asset, state, ours], saved, (asset, state))


if __name__ == "__main__":
    unittest.main()
