"""The peers that place members and share out bonuses, against the recorded cases and against themselves."""
import random
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from decimal import ROUND_HALF_EVEN, Decimal

from stand_in import ENVIRONMENT, ROOT, document

sys.path.insert(0, str(ROOT / "Benchmarks/peers"))
sys.path.insert(0, str(ROOT / "Benchmarks"))

import bonuses  # noqa: E402
import lists  # noqa: E402
import organization  # noqa: E402
from organization import Organization, OrganizationError  # noqa: E402

PLACED = ("user", "sponsor", "node_id", "parent_node_id", "parent_user", "position", "depth", "path")


def played(case, isLiteral=False):
    """The tree after a case's operations, and its placements as the case has them."""
    tree = Organization(isLiteral)
    root = tree.root(case["tree_type"], case["root_user"])
    rows = [{key: root[key] for key in PLACED}]
    for one in case["operations"]:
        try:
            node = tree.place(case["tree_type"], one["user"], one["sponsor"])
            rows.append({key: node[key] for key in PLACED})
        except OrganizationError as problem:
            rows.append({**one, "error": {"type": type(problem).__name__, "message": str(problem)}})
    return tree, rows


class PlacementTests(unittest.TestCase):
    def test_recorded_placements_are_reproduced_by_both_searches(self):
        cases = document("binary_spillover")["cases"]
        self.assertEqual(len(cases), 9)
        for case in cases:
            for isLiteral in (False, True):
                tree, rows = played(case, isLiteral)
                self.assertEqual(rows, case["expected_placements"], case["name"])
                self.assertEqual(tree.spillovers, case["expected_spillovers"], case["name"])

    def test_recorded_unilevel_placements_are_reproduced(self):
        cases = document("unilevel_placement")["cases"]
        self.assertEqual(len(cases), 5)
        for case in cases:
            if "operations" in case:
                tree, rows = played(case)
                self.assertEqual((rows, tree.spillovers), (case["expected_placements"], case["expected_spillovers"]), case["name"])
                continue
            tree = Organization()
            for step in case["errors"]:
                with self.assertRaises(OrganizationError) as caught:
                    tree.place("matrix", "b", "a")
                self.assertEqual({"type": type(caught.exception).__name__, "message": str(caught.exception)}, step["error"])
                tree.root("matrix", "a")

    def test_recorded_closures_and_slots_are_reproduced(self):
        cases = document("organization_closure")["cases"]
        self.assertEqual(len(cases), 2)
        for case in cases:
            tree, rows = played(case)
            self.assertEqual(rows, case["expected_placements"])
            key = lambda row: (row["ancestor"], row["descendant"])
            self.assertEqual(sorted(tree.closure, key=key), sorted(case["expected_closure"], key=key))
            slots = [{"node_id": node, "slot": slot, "status": "FILLED" if child else "OPEN", "child_node_id": child}
                     for (node, slot), child in tree.slots.items()]
            self.assertEqual(sorted(map(str, slots)), sorted(map(str, case["expected_slots"])))
            for query in case["descendant_queries"]:
                self.assertEqual(tree.is_descendant(query["ancestor"], query["descendant"]), query["is_descendant"])

    def test_nobody_stands_twice_in_a_tree(self):
        tree = Organization()
        tree.root("binary", "a")
        tree.place("binary", "b", "a")
        self.assertRaises(OrganizationError, tree.place, "binary", "b", "a")

    def test_both_searches_agree_on_ten_thousand(self):
        with tempfile.TemporaryDirectory() as folder:
            sponsors = organization.read(lists.sponsors(folder, 10_000))
        one, log = organization.place_all(sponsors)
        other, other_log = organization.place_all(sponsors, isLiteral=True)
        # Not assertEqual: the difference of long lists takes it minutes to tell.
        self.assertTrue((one.parent, one.side, one.depth, log) == (other.parent, other.side, other.depth, other_log))
        self.assertEqual(organization.checksum(one), organization.checksum(other))
        self.assertGreater(len(log), 5_000)
        taken = [(parent, side) for parent, side in zip(one.parent[1:], one.side[1:])]
        self.assertEqual(len(set(taken)), 10_000)

    def test_both_searches_agree_on_any_order_of_sponsors(self):
        for seed in range(40):
            r = random.Random(seed)
            sponsors = [r.choice([0, max(0, n - 1), r.randrange(n + 1)]) for n in range(120)]
            one, other = (organization.place_all(sponsors, isLiteral) for isLiteral in (False, True))
            self.assertTrue((one[0].parent, one[0].side, one[1]) == (other[0].parent, other[0].side, other[1]), f"seed {seed}")


class BonusTests(unittest.TestCase):
    def test_recorded_distributions_are_reproduced(self):
        cases = document("bonus_distribution")["cases"]
        self.assertEqual(len(cases), 17)
        for case in cases:
            tree = Organization()
            tree.root(case["tree_type"], "u0")
            for number in range(1, case["chain_length"]):
                tree.place(case["tree_type"], f"u{number}", f"u{number - 1}")
            order = {"order_id": "order-1", "user_id": case["buyer"], "amount": case["amount"], "metadata": case["order_metadata"]}
            percentages = [Decimal(one) for one in case["percentages"]]
            if "expected_error" in case:
                with self.assertRaises(ValueError) as caught:
                    bonuses.distribute(tree, case["tree_type"], order, percentages)
                self.assertEqual(str(caught.exception), case["expected_error"]["message"])
                continue
            self.assertEqual(bonuses.distribute(tree, case["tree_type"], order, percentages), case["expected_entries"], case["name"])

    def test_whole_numbers_round_as_decimals_do(self):
        r = random.Random(5)
        for _ in range(20_000):
            pv, rate = r.choice([r.randrange(10**4), r.randrange(10**9), 5000 * r.randrange(9)]), r.randrange(10_001)
            wanted = (Decimal(pv).scaleb(-4) * Decimal(rate).scaleb(-4)).quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
            self.assertEqual(bonuses.rounded(pv * rate, 10_000), int(wanted.scaleb(4)))

    def test_zero_levels_are_passed_and_the_root_ends_the_walk(self):
        parents = [organization.NOBODY, 0, 1, 2]
        self.assertEqual(bonuses.entries_of(parents, 3, 1_000_000, [2000, 0, 1000, 500]), [(1, 2, 200_000), (3, 0, 100_000)])
        self.assertEqual(bonuses.entries_of(parents, 0, 1_000_000, [2000]), [])

    def test_both_ways_of_computing_and_the_rows_agree(self):
        with tempfile.TemporaryDirectory() as folder:
            sponsors, orders = lists.sponsors(folder, 3_000), lists.orders(folder, 3_000, 400)
            sums = set()
            for more in ([], [folder], [folder, "100"]):
                done = subprocess.run([sys.executable, str(ROOT / "Benchmarks/peers/bonuses.py"), sponsors, orders, *more], capture_output=True,
                                      text=True, env=ENVIRONMENT, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
                sums |= {(part, line.split(" count=")[1].split()[0]) for line in done.stdout.splitlines() for part in line.split()
                         if part.startswith("checksum=")}
            self.assertEqual(len(sums), 1)

    def test_the_store_refuses_the_same_entry_twice(self):
        with tempfile.TemporaryDirectory() as folder:
            store = bonuses.opened(folder)
            tree, _ = organization.place_all([0, 0, 1])
            bonuses.write(store, tree.parent, [(3, 10_000)], 1)
            row = store.execute("SELECT user_id, order_id, bonus_type, level FROM bonus_transactions LIMIT 1").fetchone()
            insert = "INSERT INTO bonus_transactions (bonus_id, user_id, order_id, bonus_type, level, pv_amount, bonus_amount, created_at)" \
                     " VALUES (?, ?, ?, ?, ?, 1, ?, 1)"
            for values in (("new", *row, 1), ("bonus-1", *row[:3], 20, 1), ("new", *row[:3], 20, -1), ("new", row[0], "no order", *row[2:], 1)):
                self.assertRaises(sqlite3.IntegrityError, store.execute, insert, values)
            store.close()
