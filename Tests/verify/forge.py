#!/usr/bin/env python3
"""Forges draw bundles: each good-N.json of a folder gets one lie, bad-KIND-N.json, and one changed byte, any-N.json.

A lie must be refused by every verifier. A changed byte may leave the meaning as it was (the case of a digit, a name in a
record that nobody signed): then all must say the same.

    Tests/verify/forge.py DIR [SEED]
"""

import copy
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import verify_draw  # noqa: E402
import verify_draw_ed25519  # noqa: E402

WITNESS_SEED = bytes([7] * 32)
LIES = {}


class Unfit(Exception):
    """The lie cannot be told of this bundle."""


def lie(make):
    LIES[make.__name__.replace("_", "-")] = make
    return make


def fit(condition):
    if not condition:
        raise Unfit


def flip(text, place=-1):
    """Another digit at the end, or in the middle."""
    at = place % len(text)
    fit(len(text) > 2)
    return text[:at] + ("1" if text[at] == "0" else "0") + text[at + 1 :]


def more(value, by=1):
    return str(int(value) + by)


# ---- The lottery


@lie
def another_lottery(b, dice):
    b["lottery"] = more(b["lottery"])


@lie
def another_schema(b, dice):
    b["schema"] = 3 - b["schema"]


def config(b, change):
    c = verify_draw.read_config(bytes.fromhex(b["config"][2:]), b["schema"])
    change(c)
    b["config"] = "0x" + verify_draw.write_config(c).hex()


@lie
def another_price(b, dice):
    config(b, lambda c: c.update(price=c["price"] + 1))


@lie
def another_config_version(b, dice):
    config(b, lambda c: c.update(version=c["version"] + 1))


@lie
def winners_may_repeat(b, dice):
    config(b, lambda c: c.update(dedup=not c["dedup"]))


@lie
def one_winner_more(b, dice):
    config(b, lambda c: c["slots"].__setitem__(0, (c["slots"][0][0], c["slots"][0][1] + 1, *c["slots"][0][2:])))


@lie
def slot_without_winners(b, dice):
    config(b, lambda c: c["slots"].append((99, 0, 0, b"")))


@lie
def no_slots(b, dice):
    config(b, lambda c: c["slots"].clear())


@lie
def another_reward(b, dice):
    config(b, lambda c: c["slots"].__setitem__(0, (*c["slots"][0][:3], c["slots"][0][3] + b"!")))


@lie
def other_tags(b, dice):
    fit(b["schema"] == 2)
    config(b, lambda c: c.update(tags=c["tags"] ^ 2))


@lie
def config_with_a_tail(b, dice):
    b["config"] += "00"


# ---- Plan and commitments


@lie
def another_margin(b, dice):
    b["plan"]["margin_secs"] = more(b["plan"]["margin_secs"])


@lie
def no_margin(b, dice):
    b["plan"]["margin_secs"] = "0"


@lie
def another_deadline_rule(b, dice):
    b["plan"]["deadline_secs"] = more(b["plan"]["deadline_secs"])


@lie
def fallback_denied(b, dice):
    fit(b["plan"]["fallback"])
    b["plan"]["fallback"] = None


@lie
def source_and_fallback_swapped(b, dice):
    fit(b["plan"]["fallback"])
    b["plan"]["source"], b["plan"]["fallback"] = b["plan"]["fallback"], b["plan"]["source"]


@lie
def fallback_is_the_source(b, dice):
    b["plan"]["fallback"] = b["plan"]["source"]


@lie
def another_key(b, dice):
    where = b["plan"]["fallback"] if b["randomness"]["fallback"] else b["plan"]["source"]
    fit(where["kind"] == "vrf")
    where["public_key"] = flip(where["public_key"], dice.randrange(2, 66))


@lie
def unknown_chain(b, dice):
    for where in (b["plan"]["source"], b["plan"]["fallback"]):
        if where and where["kind"] == "beacon":
            where["chain"] = flip(where["chain"])
            return
    raise Unfit


@lie
def no_commitment(b, dice):
    b["closings"] = []


@lie
def commitment_twice(b, dice):
    b["closings"].append(copy.deepcopy(b["closings"][-1]))


@lie
def attempt_hidden(b, dice):
    fit(len(b["closings"]) > 1)
    b["closings"].pop(0)


@lie
def too_many_attempts(b, dice):
    b["closings"] *= 6


@lie
def closed_earlier(b, dice):
    for c in b["closings"]:
        c["closed_at"] = more(c["closed_at"], -1)


@lie
def committed_earlier(b, dice):
    b["closings"][-1]["committed_at"] = more(b["closings"][-1]["closed_at"], -1)


@lie
def committed_at_another_time(b, dice):
    b["closings"][-1]["committed_at"] = more(b["closings"][-1]["committed_at"])


@lie
def another_attempt(b, dice):
    b["closings"][-1]["attempt"] += 1


@lie
def another_payload(b, dice):
    text = b["closings"][-1]["payload"]
    b["closings"][-1]["payload"] = flip(text, dice.randrange(2, len(text)))


@lie
def another_round(b, dice):
    name = dice.choice(["primary_round", "fallback_round"])
    b["closings"][-1][name] = more(b["closings"][-1][name])


@lie
def another_deadline(b, dice):
    b["closings"][-1]["deadline"] = more(b["closings"][-1]["deadline"], -1)


# ---- What was sold


@lie
def more_tickets(b, dice):
    b["snapshot"]["tickets_sold"] = more(b["snapshot"]["tickets_sold"])


@lie
def fewer_tickets(b, dice):
    b["snapshot"]["tickets_sold"] = more(b["snapshot"]["tickets_sold"], -1)


@lie
def other_proceeds(b, dice):
    b["snapshot"]["proceeds"] = more(b["snapshot"]["proceeds"])


@lie
def other_shares(b, dice):
    s = b["snapshot"]["distribution"]
    at = next(i for i in range(4) if s[i])
    s[at], s[at - 1] = s[at] - 1, s[at - 1] + 1


@lie
def other_books(b, dice):
    at = dice.randrange(6)
    b["snapshot"]["accounting"][at] = more(b["snapshot"]["accounting"][at])


@lie
def other_purchases_counted(b, dice):
    b["snapshot"]["purchases"] = more(b["snapshot"]["purchases"])


@lie
def another_root(b, dice):
    b["snapshot"]["root"] = flip(b["snapshot"]["root"])


def purchases(b):
    fit(b["purchases"])
    return b["purchases"]


@lie
def purchase_left_out(b, dice):
    purchases(b).pop(dice.randrange(len(b["purchases"])))


@lie
def purchase_added(b, dice):
    purchases(b).append(["0x" + "11" * 32, 1])


@lie
def purchase_of_nothing(b, dice):
    purchases(b).append(["0x" + "11" * 32, 0])


@lie
def purchase_of_somebody_else(b, dice):
    fit(b["schema"] == 2)
    purchases(b)[dice.randrange(len(b["purchases"]))][0] = "0x" + "22" * 32


@lie
def purchase_moved(b, dice):
    fit(b["schema"] == 2 and len(purchases(b)) > 1 and b["purchases"][0] != b["purchases"][-1])
    b["purchases"][0], b["purchases"][-1] = b["purchases"][-1], b["purchases"][0]


@lie
def purchase_split(b, dice):
    fit(b["schema"] == 2 and any(p[1] > 1 for p in purchases(b)))
    at = next(i for i, p in enumerate(b["purchases"]) if p[1] > 1)
    buyer, count = b["purchases"][at]
    b["purchases"][at : at + 1] = [[buyer, 1], [buyer, count - 1]]


# ---- The value


@lie
def another_value(b, dice):
    b["randomness"]["value"] = flip(b["randomness"]["value"], dice.randrange(2, len(b["randomness"]["value"])))


@lie
def another_proof(b, dice):
    name = {"vrf": "proof", "beacon": "signature"}.get(b["randomness"]["kind"])
    fit(name)
    b["randomness"][name] = flip(b["randomness"][name], dice.randrange(2, len(b["randomness"][name])))


@lie
def shorter_proof(b, dice):
    fit(b["randomness"]["kind"] == "vrf")
    b["randomness"]["proof"] = b["randomness"]["proof"][:-2]


@lie
def another_role(b, dice):
    b["randomness"]["fallback"] = not b["randomness"]["fallback"]


@lie
def another_kind(b, dice):
    fit(b["randomness"]["kind"] != "callback")
    r = b["randomness"]
    b["randomness"] = {"fallback": r["fallback"], "value": r["value"], "kind": "callback", "nonce": "1", "signature": "0x"}


@lie
def another_beacon_round(b, dice):
    fit(b["randomness"]["kind"] == "beacon")
    b["randomness"]["round"] = more(b["randomness"]["round"])


@lie
def wished_value(b, dice):
    """All winners are computed anew from a value that nobody drew: only its proof says no."""
    fit(b["randomness"]["kind"] != "callback")
    r, size = b["randomness"], len(b["randomness"]["value"]) // 2 - 1
    r["value"] = "0x" + dice.randbytes(size).hex()
    redraw(b)


@lie
def wished_beacon(b, dice):
    """As above, with a value that fits its signature, which is of nobody."""
    fit(b["randomness"]["kind"] == "beacon")
    signature = dice.randbytes(len(b["randomness"]["signature"]) // 2 - 1)
    b["randomness"].update(signature="0x" + signature.hex(), value="0x" + verify_draw.hashlib.sha256(signature).hexdigest())
    redraw(b)


def redraw(b):
    """Winners, proofs left out, and the hashes over them, from what the bundle says."""
    fit(b["purchases"])
    facts = {}
    real = verify_draw.winners
    try:
        # The verifier itself is stopped where it has computed whom it expects.
        def spy(*arguments):
            facts["drawn"] = real(*arguments)
            raise verify_draw.Refused("stopped")

        verify_draw.winners = spy
        check, verify_draw.check_value = verify_draw.check_value, lambda r, *_: (
            verify_draw.data(r["value"], 64), r["fallback"])
        try:
            verify_draw.verify(b, True)
        except verify_draw.Refused:
            pass
    finally:
        verify_draw.winners, verify_draw.check_value = real, check
    fit("drawn" in facts)
    owners = [buyer for buyer, count in b["purchases"] for _ in range(count)]
    batch, checksum = verify_draw.sha3(b"lottery_multi::winner_batch_seed"), verify_draw.sha3(b"lottery_multi::winner_seed")
    for winner, (slot, ticket, hashed) in zip(b["winners"], facts["drawn"]):
        winner.update(slot=str(slot), ticket=str(ticket), hash="0x" + hashed.hex(), buyer=owners[ticket], proof=None)
        checksum = verify_draw.sha3(checksum + verify_draw.u64(ticket) + hashed)
        batch = verify_draw.sha3(batch + verify_draw.u64(slot) + verify_draw.u64(ticket) + hashed)
    b["winners_batch_hash"], b["checksum_after_batch"] = "0x" + batch.hex(), "0x" + checksum.hex()


# ---- The winners


@lie
def winner_dropped(b, dice):
    b["winners"].pop()


@lie
def winner_added(b, dice):
    b["winners"].append(copy.deepcopy(b["winners"][-1]))


@lie
def winners_swapped(b, dice):
    fit(len(b["winners"]) > 1)
    b["winners"][0], b["winners"][-1] = b["winners"][-1], b["winners"][0]


@lie
def another_ticket(b, dice):
    w = dice.choice(b["winners"])
    w["ticket"] = more(w["ticket"])


@lie
def another_slot(b, dice):
    w = dice.choice(b["winners"])
    w["slot"] = more(w["slot"])


@lie
def another_winner(b, dice):
    dice.choice(b["winners"])["buyer"] = "0x" + "33" * 32


@lie
def another_winner_hash(b, dice):
    w = dice.choice(b["winners"])
    w["hash"] = flip(w["hash"])


@lie
def another_batch_hash(b, dice):
    b["winners_batch_hash"] = flip(b["winners_batch_hash"])


@lie
def another_checksum(b, dice):
    b["checksum_after_batch"] = flip(b["checksum_after_batch"])


@lie
def too_large_a_prize(b, dice):
    b["winners"][0]["prize"] = more(b["snapshot"]["accounting"][1])


@lie
def prizes_past_64_bits(b, dice):
    fit(len(b["winners"]) > 1)
    for w in b["winners"]:
        w["prize"] = str(2**64 - 1)


def proof(b):
    fit(b["purchases"] is None and b["schema"] == 2)
    return b["winners"][0]["proof"]


@lie
def no_proof(b, dice):
    proof(b)
    b["winners"][0]["proof"] = None


@lie
def proof_of_another_buyer(b, dice):
    proof(b)["buyer"] = "0x" + "44" * 32


@lie
def proof_of_another_buyer_and_winner(b, dice):
    proof(b)["buyer"] = b["winners"][0]["buyer"] = "0x" + "44" * 32


@lie
def proof_of_more_tickets(b, dice):
    proof(b)["tickets"] = more(proof(b)["tickets"])


@lie
def proof_on_the_other_side(b, dice):
    fit(proof(b)["steps"])
    step = dice.choice(proof(b)["steps"])
    step[0] = "right" if step[0] == "left" else "left"


@lie
def proof_with_another_neighbour(b, dice):
    fit(proof(b)["steps"])
    step = dice.choice(proof(b)["steps"])
    step[2] = flip(step[2])


@lie
def proof_with_a_larger_neighbour(b, dice):
    fit(proof(b)["steps"])
    step = dice.choice(proof(b)["steps"])
    step[1] = more(step[1])


@lie
def proof_cut_short(b, dice):
    fit(proof(b)["steps"])
    proof(b)["steps"].pop()


@lie
def proof_of_a_neighbour(b, dice):
    proof(b)
    others = [w for w in b["winners"] if w["proof"] != b["winners"][0]["proof"]]
    fit(others)
    b["winners"][0]["proof"] = copy.deepcopy(others[0]["proof"])


# ---- The witness


def witness(b):
    fit(b["witness"] and b["witness"]["kind"] == "checkpoint")
    return b["witness"]


def sign(w, seed=WITNESS_SEED):
    v = verify_draw
    heads = sorted((int(c), int(n), v.digest(h)) for c, n, h in w["heads"])
    text = v.field(b"almoner/checkpoint/1") + v.digest(w["previous"]) + v.i64(int(w["number"])) + v.i64(int(w["at"]))
    text += v.i64(len(heads)) + b"".join(v.i64(c) + v.i64(n) + h for c, n, h in heads)
    signature, key = verify_draw_ed25519.sign(seed, text)
    w["signature"], w["public_key"] = "0x" + signature.hex(), "0x" + key.hex()


@lie
def witness_of_another_commitment(b, dice):
    witness(b)["records"][0]["root"] = "0x" + "55" * 32


@lie
def witness_without_the_commitment(b, dice):
    witness(b)["records"][0]["root"] = None


@lie
def witness_without_records(b, dice):
    witness(b)["records"] = []


@lie
def witness_with_a_changed_record(b, dice):
    dice.choice(witness(b)["records"])["details"] += " "


@lie
def witness_with_a_gap(b, dice):
    fit(len(witness(b)["records"]) > 2)
    b["witness"]["records"].pop(1)


@lie
def witness_with_a_cut_trail(b, dice):
    fit(len(witness(b)["records"]) > 1)
    b["witness"]["records"].pop()


@lie
def witness_before_its_records(b, dice):
    r = dice.choice(witness(b)["records"])
    r["at"] = more(r["at"])


@lie
def witness_with_another_signature(b, dice):
    w = witness(b)
    w["signature"] = flip(w["signature"], dice.randrange(2, 130))


@lie
def witness_backdated(b, dice):
    w = witness(b)
    w["at"] = more(w["at"], -1)


@lie
def witness_renumbered(b, dice):
    w = witness(b)
    w["number"] = more(w["number"])


@lie
def witness_of_another_key(b, dice):
    fit(b["randomness"]["kind"] == "beacon")
    sign(witness(b), bytes(32))


@lie
def witness_too_late(b, dice):
    """Signed by the right key, a second after the round."""
    fit(b["randomness"]["kind"] == "beacon")
    w, r = witness(b), b["randomness"]
    where = b["plan"]["fallback"] if r["fallback"] else b["plan"]["source"]
    genesis, period, _ = verify_draw.CHAINS[where["chain"][2:]]
    w["at"] = str((genesis + (int(r["round"]) - 1) * period) * 1000)
    sign(w)


@lie
def witness_of_an_unknown_kind(b, dice):
    witness(b)["kind"] = "letter"


# ---- The form


@lie
def another_format(b, dice):
    b["format"] = "almoner/draw/2"


@lie
def a_member_more(b, dice):
    dice.choice([b, b["plan"], b["snapshot"], b["closings"][0], b["winners"][0], b["randomness"]])["note"] = "hello"


@lie
def a_member_less(b, dice):
    where = dice.choice([b, b["plan"], b["snapshot"], b["closings"][0], b["winners"][0], b["randomness"]])
    where.pop(dice.choice(sorted(where)))


@lie
def a_number_without_quotes(b, dice):
    b["lottery"] = int(b["lottery"])


@lie
def a_number_with_a_zero(b, dice):
    b["snapshot"]["tickets_sold"] = "0" + b["snapshot"]["tickets_sold"]


@lie
def a_number_with_a_sign(b, dice):
    b["snapshot"]["tickets_sold"] = "+" + b["snapshot"]["tickets_sold"]


@lie
def a_number_past_64_bits(b, dice):
    b["snapshot"]["proceeds"] = str(int(b["snapshot"]["proceeds"]) + 2**64)


@lie
def a_hash_cut_short(b, dice):
    b["snapshot"]["root"] = b["snapshot"]["root"][:-2]


def main():
    folder = pathlib.Path(sys.argv[1])
    dice = random.Random(sys.argv[2] if len(sys.argv) > 2 else "1")
    waiting = sorted(LIES)
    dice.shuffle(waiting)
    told = {name: 0 for name in LIES}
    for file in sorted(folder.glob("good-*.json")):
        text = file.read_text(encoding="utf-8")
        number = file.stem.removeprefix("good-")
        # The lie that was told least often goes first, if it fits.
        for name in sorted(waiting, key=told.get):
            bundle = json.loads(text)
            before = copy.deepcopy(bundle)
            try:
                LIES[name](bundle, dice)
            except Unfit:
                continue
            if bundle != before:
                told[name] += 1
                (folder / f"bad-{name}-{number}.json").write_text(json.dumps(bundle), encoding="utf-8")
                break
        raw = bytearray(text.encode())
        for _ in range(dice.choice([1, 1, 1, 2])):
            raw[dice.randrange(len(raw))] = dice.choice(b'0123456789abcdefABCDEFx"[]{},:-. \\\x00\xff')
        (folder / f"any-{number}.json").write_bytes(bytes(raw))
    missing = sorted(name for name in LIES if not told[name])
    if missing and sum(told.values()) >= 1000:
        sys.exit(f"no bundle fitted: {', '.join(missing)}")
    print(f"{sum(told.values())} lies of {len(LIES) - len(missing)} kinds")


if __name__ == "__main__":
    main()
