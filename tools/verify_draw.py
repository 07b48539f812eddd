#!/usr/bin/env python3
"""Looks at a draw bundle again, with nothing but the file: the second verifier, written from the documents.

It shares no code with almoner: bytes, hashes, trees, winners, the verifiable random function and beacons are written anew
from docs/reference/draw-bundle.md, RFC 9381 and RFC 9380. Python's standard library is all that it needs.

    tools/verify_draw.py draw.json                  one bundle, with its beacon (some seconds)
    tools/verify_draw.py --skip-beacon DIR          every *.json of a folder, the values taken as given

Prints one JSON line per bundle: {"bundle", "accepted", "commitment", "order", "reason"}; `order` tells whether a
checkpoint by the key that you gave is older than the value. Ends with 0 when all are accepted, 1 when one is not.
"""

import argparse
import hashlib
import json
import pathlib
import sys

import verify_draw_ed25519

U64 = 1 << 64
CHAINS = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (1692803367, 3, "g1"),
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": (1595431050, 30, "g2"),
}


class Refused(Exception):
    """A statement of the bundle is false, or the file is not in its form."""


def need(condition, reason):
    if not condition:
        raise Refused(reason)


def sha3(data):
    return hashlib.sha3_256(data).digest()


# ---- BCS, written and read


def u8(n):
    return n.to_bytes(1, "little")


def u16(n):
    return n.to_bytes(2, "little")


def u64(n):
    return n.to_bytes(8, "little")


def uleb(n):
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def blob(data):
    return uleb(len(data)) + data


class Reader:
    def __init__(self, data, canonical):
        self.data, self.at, self.canonical = data, 0, canonical

    def take(self, count):
        need(self.at + count <= len(self.data), "BCS ends too early")
        part = self.data[self.at : self.at + count]
        self.at += count
        return part

    def number(self, count):
        return int.from_bytes(self.take(count), "little")

    def length(self):
        value = shift = 0
        while True:
            need(shift < 64, "BCS length too long")
            byte = self.number(1)
            if self.canonical:
                need(not (shift == 63 and byte & 0x7F > 1), "BCS length not canonical")
            value |= (byte & 0x7F) << shift
            if byte & 0x80 == 0:
                need(not (self.canonical and byte == 0 and shift > 0), "BCS length not canonical")
                break
            shift += 7
        value %= U64
        need(value <= len(self.data) - self.at, "BCS length past the end")
        return value

    def blob(self):
        return self.take(self.length())

    def flag(self):
        byte = self.number(1)
        need(byte < 2, "BCS flag")
        return byte == 1

    def end(self):
        need(self.at == len(self.data), "BCS bytes left over")


def read_config(data, schema):
    r = Reader(data, schema >= 2)
    c = {"slug": r.blob(), "series": r.blob(), "run": r.number(8), "version": r.number(8), "type": r.number(1)}
    c["tags"] = r.number(8)
    c["window"] = (r.number(8), r.number(8))
    c["price"] = r.number(8)
    c["limits"] = (r.number(8), r.number(8))
    c["shares"] = [r.number(2) for _ in range(4)]
    need(sum(c["shares"]) == 10_000, "shares")
    c["slots"] = [(r.number(8), r.number(2), r.number(1), r.blob()) for _ in range(r.length())]
    c["dedup"] = r.flag()
    c["algo"] = r.number(1)
    c["close"] = (r.flag(), r.number(8))
    c["backend"] = (r.number(1), r.blob())
    c["retry"] = (r.number(1), r.number(8), r.number(8))
    r.end()
    return c


def write_slots(slots):
    return uleb(len(slots)) + b"".join(u64(i) + u16(n) + u8(t) + blob(p) for i, n, t, p in slots)


def write_config(c):
    return (
        blob(c["slug"]) + blob(c["series"]) + u64(c["run"]) + u64(c["version"]) + u8(c["type"]) + u64(c["tags"])
        + u64(c["window"][0]) + u64(c["window"][1]) + u64(c["price"]) + u64(c["limits"][0]) + u64(c["limits"][1])
        + b"".join(u16(x) for x in c["shares"]) + write_slots(c["slots"]) + u8(c["dedup"]) + u8(c["algo"])
        + u8(c["close"][0]) + u64(c["close"][1]) + u8(c["backend"][0]) + blob(c["backend"][1])
        + u8(c["retry"][0]) + u64(c["retry"][1]) + u64(c["retry"][2])
    )


# ---- Members of the file


def only(value, keys, place):
    need(isinstance(value, dict) and set(value) == set(keys.split()), f"{place}: members")
    return value


def number(value):
    need(isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20, "a number in quotes")
    need(str(int(value)) == value and int(value) < U64, "a number of 64 bits")
    return int(value)


def small(value, most):
    need(type(value) is int and 0 <= value <= most, f"a number up to {most}")
    return value


def listed(value, most):
    need(isinstance(value, list) and len(value) <= most, f"a list of at most {most}")
    return value


def data(value, most):
    need(isinstance(value, str) and value.startswith("0x") and len(value) <= 2 + 2 * most, "hexadecimal text")
    digits = value[2:]
    need(len(digits) % 2 == 0 and all(d in "0123456789abcdefABCDEF" for d in digits), "hexadecimal text")
    return bytes.fromhex(digits)


def digest(value):
    out = data(value, 32)
    need(len(out) == 32, "32 bytes")
    return out


def no_twins(pairs):
    out = dict(pairs)
    need(len(out) == len(pairs), "a key twice")
    return out


def whole(digits):
    need(not digits.startswith("-") and len(digits) < 10, "a number that the form does not know")
    return int(digits)


# ---- Plan and commitments


def source(value):
    if value is None:
        return None
    need(isinstance(value, dict), "a source")
    kind = value.get("kind")
    if kind == "vrf":
        key = data(only(value, "kind public_key", "source")["public_key"], 32)
        need(len(key) == 32, "a key of 32 bytes")
        return (kind, key, u8(0) + blob(key))
    if kind == "beacon":
        chain = digest(only(value, "kind chain", "source")["chain"])
        return (kind, chain, u8(1) + chain)
    if kind == "callback":
        name = data(only(value, "kind network", "source")["network"], 64)
        need(name, "a network's name")
        return (kind, name, u8(2) + blob(name))
    raise Refused("an unknown source")


def first_round(where, after):
    if where is None or where[0] != "beacon":
        return 0
    need(where[1].hex() in CHAINS, "an unknown chain")
    genesis, period, _ = CHAINS[where[1].hex()]
    return 1 if after < genesis else (after - genesis) // period + 2


def schedule(plan, closed, committed):
    planned = closed + plan["margin"]
    base = closed if committed < planned else committed
    due = base + plan["margin"]
    deadline = due + plan["deadline"]
    need(planned < U64 and deadline < U64, "times past all bounds")
    return first_round(plan["source"], due), first_round(plan["fallback"], deadline), deadline


def read_plan(value):
    only(value, "source fallback margin_secs deadline_secs", "plan")
    plan = {"source": source(value["source"]), "fallback": source(value["fallback"])}
    need(plan["source"] is not None and plan["source"] != plan["fallback"], "plan: sources")
    plan["margin"], plan["deadline"] = number(value["margin_secs"]), number(value["deadline_secs"])
    need(1 <= plan["margin"] <= 604_800 and 1 <= plan["deadline"] <= 2_592_000, "plan: times")
    tail = u8(0) if plan["fallback"] is None else u8(1) + plan["fallback"][2]
    plan["hash"] = sha3(
        b"lottery_multi::randomness_plan::1" + plan["source"][2] + tail + u64(plan["margin"]) + u64(plan["deadline"])
    )
    return plan


# ---- The purchase tree


def leaf(buyer, tickets):
    return tickets, sha3(u64(0) + u64(tickets) + buyer)


def join(left, right):
    total = left[0] + right[0]
    need(total < U64, "a sum of tickets past 64 bits")
    return total, sha3(u64(1) + u64(left[0]) + u64(right[0]) + left[1] + right[1])


def tree(leaves):
    """The root of RFC 6962's shape: each pair in a level is joined, and a lone last node moves up."""
    level = leaves
    while len(level) > 1:
        above = [join(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0] if level else (0, bytes(32))


def owner_chain(owners):
    value = sha3(b"lottery_multi::snapshot_seed")
    for chunk in range(len(owners) // 256):
        part = owners[chunk * 256 : chunk * 256 + 256]
        value = sha3(value + u64(chunk) + u64(chunk * 256) + uleb(256) + b"".join(part))
    return value


# ---- Winners


def fair(seed, count):
    limit = U64 // count * count
    while int.from_bytes(seed[:8], "little") >= limit:
        seed = sha3(seed)
    return int.from_bytes(seed[:8], "little") % count, seed


def winners(schema, lottery, slots, dedup, numbers, snapshot, payload_hash, attempt, tickets):
    out, taken, moved = [], set(), {}
    ordinal = 0
    for place, (slot, count, _, _) in enumerate(slots):
        for local in range(count):
            seed = (b"lottery_multi::winner_seed::2" if schema >= 2 else b"") + numbers[place] + snapshot + payload_hash
            seed = sha3(seed + u64(lottery) + u64(ordinal) + u64(local) + u64(schema) + u64(attempt))
            if schema == 1:
                for _ in range(16):
                    ticket = int.from_bytes(seed[:8], "little") % tickets
                    if not dedup or ticket not in taken:
                        break
                    seed = sha3(seed)
                else:
                    raise Refused("no winner in 16 tries")
                taken.add(ticket)
            elif not dedup:
                ticket, seed = fair(seed, tickets)
            else:
                left = tickets - ordinal
                need(left > 0, "more winners than tickets")
                at, seed = fair(seed, left)
                ticket = moved.get(at, at)
                moved[at] = moved.get(left - 1, left - 1)
            out.append((slot, ticket, seed))
            ordinal += 1
    return out


# ---- The witness: records of an audit chain up to a head that a checkpoint signs


def field(raw):
    return len(raw).to_bytes(4, "big") + raw


def i64(n):
    return n.to_bytes(8, "big")


def words(value, most=4096):
    need(isinstance(value, str) and len(value.encode()) <= most, f"text of at most {most} bytes")
    return field(value.encode())


def signed(value):
    """A number of 63 bits: the audit trail's own are signed ones."""
    need(number(value) < 1 << 63, "a number of 63 bits")
    return number(value)


RECORD = "chain sequence at actor action entity entity_id details root"


def check_witness(w, commitment, known, key):
    """The statement of order: true when it is proved, false when somebody is believed."""
    if w is None:
        return False
    need(isinstance(w, dict) and w.get("kind") in ("checkpoint", "transaction"), "witness")
    if w["kind"] == "transaction":
        only(w, "kind chain hash", "witness")
        words(w["chain"], 64), digest(w["hash"])
        return False
    only(w, "kind number at heads previous public_key signature before records", "witness")
    heads = []
    for head in listed(w["heads"], 10_000):
        need(len(listed(head, 3)) == 3, "a head")
        heads.append((signed(head[0]), signed(head[1]), digest(head[2])))
    number_, at = signed(w["number"]), signed(w["at"])
    public, signature = data(w["public_key"], 32), data(w["signature"], 64)
    link, last = digest(w["before"]), None
    for r in listed(w["records"], 10_000):
        only(r, RECORD, "witness.records")
        root = bytes(32) if r["root"] is None else digest(r["root"])
        here = (signed(r["chain"]), signed(r["sequence"]))
        need(last is not None or (r["root"] is not None and root == commitment and here[1] > 0),
             "the first audit record does not hold the commitment")
        need(last is None or here == (last[0], last[1] + 1), "the audit records do not follow one another")
        texts = b"".join(words(r[name]) for name in ("actor", "action", "entity", "entity_id"))
        link = hashlib.sha256(
            field(b"almoner/audit/1") + link + i64(here[0]) + i64(here[1]) + i64(signed(r["at"])) + texts
            + words(r["details"], 65_536) + root
        ).digest()
        last = here
    need(last is not None and (*last, link) in heads, "the checkpoint does not cover the audit records")
    text = field(b"almoner/checkpoint/1") + digest(w["previous"]) + i64(number_) + i64(at) + i64(len(heads))
    text += b"".join(i64(c) + i64(n) + h for c, n, h in sorted(heads, key=lambda head: head[:2]))
    need(verify_draw_ed25519.signed(public, signature, text), "the checkpoint's signature is wrong")
    if known is None:
        return False
    need(at // 1000 < known, "the checkpoint is not older than the value")
    need(key is None or key == public, "the checkpoint is signed by another key than the one given")
    return key is not None


# ---- The bundle

MEMBERS = (
    "format schema lottery config plan closings snapshot purchases randomness winners winners_batch_hash "
    "checksum_after_batch witness"
)
CLOSING = "closed_at committed_at attempt payload primary_round fallback_round deadline"


def commitments(b, schema, lottery, terms, snapshot, slots, tickets, plan):
    out, before, last = [], bytes(32), None
    for value in listed(b["closings"], 5):
        only(value, CLOSING, "closings")
        closed, committed = number(value["closed_at"]), number(value["committed_at"])
        attempt, payload = small(value["attempt"], 255), data(value["payload"], 256)
        rounds = tuple(number(value[k]) for k in ("primary_round", "fallback_round", "deadline"))
        need(closed <= committed and rounds == schedule(plan, closed, committed), "rounds are not those of the rule")
        need(attempt > (last[0] if last else 0), "attempts out of order")
        need(last is None or (closed == last[1] and committed >= last[2]), "attempts out of order")
        hashed = sha3(
            b"lottery_multi::closing_commitment::1" + u16(schema) + u64(lottery) + terms + snapshot + slots
            + u64(tickets) + u64(closed) + u64(committed) + u8(attempt) + before + blob(payload)
            + b"".join(u64(x) for x in rounds)
        )
        out.append({"hash": hashed, "attempt": attempt, "payload": payload, "rounds": rounds})
        before, last = hashed, (attempt, closed, committed)
    need(out, "no closing commitment")
    return out


def check_value(r, plan, closing, skip):
    need(isinstance(r, dict) and isinstance(r.get("fallback"), bool), "randomness")
    where = plan["fallback"] if r["fallback"] else plan["source"]
    need(where is not None and r.get("kind") == where[0], "another source than the plan's")
    value = data(r.get("value"), 64)
    if where[0] == "beacon":
        only(r, "fallback value kind round signature previous_signature", "randomness")
        need(number(r["round"]) == closing["rounds"][1 if r["fallback"] else 0], "another round than the commitment's")
        signature, previous = data(r["signature"], 96), data(r["previous_signature"], 96)
        need(hashlib.sha256(signature).digest() == value, "the value is not the signature's SHA-256")
        if not skip:
            import verify_draw_bls

            need(verify_draw_bls.verify(CHAINS[where[1].hex()][2], number(r["round"]), signature, previous),
                 "the beacon is not signed by the chain's key")
    elif where[0] == "vrf":
        only(r, "fallback value kind proof", "randomness")
        proof = data(r["proof"], 80)
        if not skip:
            try:
                found = verify_draw_ed25519.vrf_value(where[1], closing["hash"], proof)
            except ValueError as error:
                raise Refused(str(error))
            need(found == value, "the proof stands for another value")
    else:
        only(r, "fallback value kind nonce signature", "randomness")
        number(r["nonce"]), data(r["signature"], 256)
    return value, r["fallback"]


def read_proof(value):
    """Buyer, tickets and steps (is it on the left, tickets, hash) of a proof."""
    proof = only(value, "buyer tickets steps", "proof")
    steps = []
    for step in listed(proof["steps"], 64):
        need(len(listed(step, 3)) == 3 and step[0] in ("left", "right"), "a step")
        steps.append((step[0] == "left", (number(step[1]), digest(step[2]))))
    return digest(proof["buyer"]), number(proof["tickets"]), steps


def check_owner(winner, root, tickets):
    buyer, count, steps = read_proof(winner["proof"])
    node, first = leaf(buyer, count), 0
    for is_left, other in steps:
        first += other[0] if is_left else 0
        node = join(other, node) if is_left else join(node, other)
    need(node == (tickets, root), "a proof does not lead to the root")
    need(first <= number(winner["ticket"]) < first + count, "a proof is of other tickets")
    need(buyer == digest(winner["buyer"]), "a proof is of another buyer")


def verify(b, skip=False, key=None):
    """The commitment's hash of a bundle that holds in every statement, and whether its order is proved; raises Refused."""
    only(b, MEMBERS, "bundle")
    need(b["format"] == "almoner/draw/1", "format")
    schema, lottery = small(b["schema"], 2), number(b["lottery"])
    need(schema >= 1, "schema")
    config = read_config(data(b["config"], 65_536), schema)
    slots = config["slots"]
    need(1 <= len(slots) <= 255 and all(n > 0 for _, n, _, _ in slots), "prize plan")
    plan = read_plan(b["plan"])
    s = only(b["snapshot"], "tickets_sold proceeds distribution accounting purchases root", "snapshot")
    tickets, purchases, root = number(s["tickets_sold"]), number(s["purchases"]), digest(s["root"])
    shares = [small(x, 10_000) for x in listed(s["distribution"], 4)]
    books = [number(x) for x in listed(s["accounting"], 6)]
    need(len(shares) == 4 and sum(shares) == 10_000 and len(books) == 6, "snapshot")
    head = b"lottery_multi::snapshot_seed::2" + u64(lottery) + sha3(write_config(config)) + u64(purchases)
    snapshot = sha3(
        (head if schema >= 2 else b"") + root + u64(tickets) + u64(number(s["proceeds"]))
        + b"".join(u16(x) for x in shares) + b"".join(u64(x) for x in books)
    )
    terms = sha3(
        b"lottery_multi::terms::1" + u16(schema) + u64(lottery) + sha3(write_config(dict(config, tags=0))) + plan["hash"]
    )
    slots_sum = sha3(write_slots(slots))
    closing = commitments(b, schema, lottery, terms, snapshot, slots_sum, tickets, plan)[-1]

    r = Reader(closing["payload"], True)
    got = (r.number(8), r.number(8), r.blob(), r.blob(), r.number(1), r.number(8), r.number(1), r.number(8), r.number(1))
    r.end()
    need(got[:5] == (lottery, config["version"], snapshot, slots_sum, len(slots)), "the payload is another draw's")
    need(got[6] == closing["attempt"], "the payload is another attempt's")

    value, is_fallback = check_value(b["randomness"], plan, closing, skip)
    seed = b"lottery_multi::random_number::1" + closing["hash"] + u8(is_fallback) + blob(value)
    numbers = [sha3(seed + u64(i)) for i in range(len(slots))]

    claimed = listed(b["winners"], 100_000)
    need(len(claimed) == sum(n for _, n, _, _ in slots) and tickets > 0, "the number of winners")
    batch, checksum = sha3(b"lottery_multi::winner_batch_seed"), sha3(b"lottery_multi::winner_seed")
    drawn = winners(schema, lottery, slots, config["dedup"], numbers, snapshot, sha3(closing["payload"]),
                    closing["attempt"], tickets)
    for (slot, ticket, hashed), w in zip(drawn, claimed):
        only(w, "slot ticket buyer hash prize proof", "winners")
        need((number(w["slot"]), number(w["ticket"]), digest(w["hash"])) == (slot, ticket, hashed), "another ticket won")
        checksum = sha3(checksum + u64(ticket) + hashed)
        batch = sha3(batch + u64(slot) + u64(ticket) + hashed)
    need(digest(b["winners_batch_hash"]) == batch and digest(b["checksum_after_batch"]) == checksum, "winners' hashes")

    owners = None
    if b["purchases"] is not None:
        bought = []
        for pair in listed(b["purchases"], 1_000_000):
            need(len(listed(pair, 2)) == 2, "a purchase")
            bought.append((digest(pair[0]), small(pair[1], 128)))
            need(bought[-1][1] > 0, "a purchase of nothing")
        owners = [buyer for buyer, count in bought for _ in range(count)]
        top = owner_chain(owners) if schema == 1 else tree([leaf(*x) for x in bought])[1]
        need(top == root and len(owners) == tickets and len(bought) == purchases, "other purchases than the snapshot's")
    for w in claimed:
        digest(w["buyer"])
        if w["proof"] is not None:
            read_proof(w["proof"])
        if owners is not None:
            need(owners[number(w["ticket"])] == digest(w["buyer"]), "a winner who does not own the ticket")
        elif schema >= 2:
            check_owner(w, root, tickets)
    prizes = [number(w["prize"]) for w in claimed if w["prize"] is not None]
    need(sum(prizes) <= books[1], "more prizes than were set aside")
    where, known = plan["fallback"] if is_fallback else plan["source"], None
    if where[0] == "beacon":
        genesis, period, _ = CHAINS[where[1].hex()]
        known = genesis + (closing["rounds"][1 if is_fallback else 0] - 1) * period
    return closing["hash"], check_witness(b["witness"], closing["hash"], known, key)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--skip-beacon", action="store_true", help="take values as given")
    parser.add_argument("--witness-key", help="the public key whose checkpoints you believe, in hexadecimal")
    options = parser.parse_args()
    files = sorted(options.path.glob("*.json")) if options.path.is_dir() else [options.path]
    key = options.witness_key and data(options.witness_key, 32)
    refused = 0
    for file in files:
        line = {"bundle": file.name, "accepted": True, "commitment": None, "order": False, "reason": None}
        try:
            bundle = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=no_twins, parse_int=whole)
            commitment, line["order"] = verify(bundle, options.skip_beacon, key)
            line["commitment"] = "0x" + commitment.hex()
        except (Refused, ValueError, RecursionError, KeyError, TypeError) as error:
            refused += 1
            line.update(accepted=False, reason=str(error) or type(error).__name__)
        print(json.dumps(line))
    sys.exit(1 if refused or not files else 0)


if __name__ == "__main__":
    main()
