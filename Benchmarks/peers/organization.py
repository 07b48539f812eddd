"""Placement of members in plain Python: organization.py SPONSORS [COUNT] [literal].

SPONSORS: a file with the sponsor of member 1, 2, 3 ... a line each; member 0 is the root. Places are found by a frontier queue, or by the
literal search from the sponsor's node with `literal`. The clock runs while members are placed and spillovers are logged, on whole numbers
in lists; reading the file and the checksum stand outside of it.

Also the trees behind the recorded cases, with ids, paths, closure and slots.
"""
import sys
from collections import deque

from peer import Measure

NOBODY = -1
LEFT, RIGHT = 0, 1


class OrganizationError(Exception):
    pass


class SponsorNotAssigned(OrganizationError):
    pass


class Binary:
    """A binary tree of numbered members; 0 is the root. Places fill level by level below the sponsor, left before right."""

    def __init__(self):
        self.left, self.right, self.parent, self.side, self.depth = [NOBODY], [NOBODY], [NOBODY], [NOBODY], [0]
        self.frontiers = {}

    def literal(self, sponsor):
        """The search as it is told: from the sponsor's node, each time anew."""
        queue, left, right = deque([sponsor]), self.left, self.right
        while True:
            node = queue.popleft()
            if left[node] == NOBODY:
                return node, LEFT
            if right[node] == NOBODY:
                return node, RIGHT
            queue.append(left[node])
            queue.append(right[node])

    def frontier(self, sponsor):
        """The same, going on where the sponsor's last search ended: a place once taken stays taken, so the queue is still right."""
        left, right, queue = self.left, self.right, self.frontiers.get(sponsor)
        if queue is None:
            queue = self.frontiers[sponsor] = deque((sponsor,))
        while True:
            node = queue[0]
            if left[node] == NOBODY:
                return node, LEFT
            if right[node] == NOBODY:
                return node, RIGHT
            queue.popleft()
            queue.append(left[node])
            queue.append(right[node])

    def put(self, node, side):
        """The new member's number."""
        member = len(self.parent)
        (self.right if side else self.left)[node] = member
        self.left.append(NOBODY)
        self.right.append(NOBODY)
        self.parent.append(node)
        self.side.append(side)
        self.depth.append(self.depth[node] + 1)
        return member


def place_all(sponsors, isLiteral=False):
    """A tree of all members, and the spillover log: (sponsor, member, parent, side) where the parent is not the sponsor."""
    tree, log = Binary(), []
    search, put, note = tree.literal if isLiteral else tree.frontier, tree.put, log.append
    for sponsor in sponsors:
        node, side = search(sponsor)
        member = put(node, side)
        if node != sponsor:
            note((sponsor, member, node, side))
    return tree, log


def checksum(tree):
    """FNV-1a, 64 bits, over `2 * parent + side` of members 1, 2, 3 ..., eight bytes each at once."""
    out = 0xCBF29CE484222325
    for parent, side in zip(tree.parent[1:], tree.side[1:]):
        out = ((out ^ (2 * parent + side)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return out


class Organization:
    """Trees of users with ids, paths and the rows that a store keeps. Ids of nodes and of spillover logs come from one counter."""

    def __init__(self, isLiteral=False):
        self.isLiteral, self.count = isLiteral, 0
        self.nodes, self.of_user, self.spillovers, self.closure, self.slots, self.binary = {}, {}, [], [], {}, {}

    def next_id(self):
        self.count += 1
        return f"node-{self.count}"

    def root(self, tree, user):
        if tree == "binary":
            self.binary[tree] = Binary()
        return self.add(tree, user, None, None, None)

    def place(self, tree, user, sponsor):
        above = self.of_user.get((tree, sponsor))
        if above is None:
            raise SponsorNotAssigned(f"Sponsor '{sponsor}' not found for {tree} tree.")
        if tree not in ("unilevel", "binary"):
            raise OrganizationError(f"Unknown tree type: {tree}")
        if (tree, user) in self.of_user:
            raise OrganizationError(f"User '{user}' already stands in the {tree} tree.")
        if tree == "unilevel":
            return self.add(tree, user, sponsor, above, None)
        search = self.binary[tree].literal if self.isLiteral else self.binary[tree].frontier
        number, side = search(above["number"])
        parent = next(node for node in self.nodes.values() if node["tree_type"] == tree and node["number"] == number)
        node = self.add(tree, user, sponsor, parent, "LR"[side])
        if parent is not above:
            self.spillovers.append({
                "log_id": self.next_id(), "sponsor_user_id": sponsor, "assigned_user_id": user, "parent_node_id": parent["node_id"],
                "position": node["position"], "tree_type": tree})
        return node

    def add(self, tree, user, sponsor, parent, position):
        known = self.next_id()
        node = {
            "user": user, "sponsor": sponsor, "node_id": known, "parent_node_id": parent and parent["node_id"],
            "parent_user": parent and parent["user"], "position": position, "depth": parent["depth"] + 1 if parent else 0,
            "path": (parent["path"] if parent else "") + "/" + known, "tree_type": tree, "number": 0}
        if tree == "binary" and parent:
            node["number"] = self.binary[tree].put(parent["number"], "LR".index(position))
        self.nodes[known], self.of_user[tree, user] = node, node
        above = node["path"].split("/")[1:]
        self.closure += [{"ancestor": one, "descendant": known, "depth": len(above) - 1 - at} for at, one in enumerate(above)]
        if tree == "binary":
            for slot in "LR":
                self.slots[known, slot] = None
            if parent:
                self.slots[parent["node_id"], position] = known
        return node

    def ancestors(self, node, most):
        """Nearest first."""
        above = node["path"].split("/")[1:-1][::-1][:most]
        return [self.nodes[one] for one in above]

    def is_descendant(self, ancestor, descendant):
        """A node is its own descendant."""
        return ancestor in self.nodes[descendant]["path"].split("/")


def read(path, count=None):
    with open(path, encoding="ascii") as file:
        numbers = [int(line) for line in file]
    return numbers if count is None else numbers[:count]


def main():
    sponsors = read(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
    isLiteral = sys.argv[3:4] == ["literal"]
    measure = Measure()
    tree, log = place_all(sponsors, isLiteral)
    took = measure.taken()
    took.result(len(sponsors), search="literal" if isLiteral else "frontier", spilled=len(log), deepest=max(tree.depth),
                checksum=f"{checksum(tree):016x}")


if __name__ == "__main__":
    main()
