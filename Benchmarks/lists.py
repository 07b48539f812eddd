"""Made-up addresses, names and networks for the rows `addresses`, `names` and `geo`, the same at every run."""
import importlib.util
import ipaddress
import os
import random
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def addresses(folder, listed, asked):
    """Files of `listed` addresses and of `asked` ones, of which one in a thousand is listed."""
    r = random.Random(11)
    known = ["0x" + r.randbytes(20).hex() for _ in range(listed)]
    paths = [os.path.join(folder, name) for name in ("addresses-listed.txt", "addresses-asked.txt")]
    with open(paths[0], "w") as file:
        file.write("\n".join(known) + "\n")
    with open(paths[1], "w") as file:
        for _ in range(asked):
            file.write((r.choice(known) if r.random() < 0.001 else "0x" + r.randbytes(20).hex()) + "\n")
    return paths


def networks(folder, count, asked):
    """Databases of countries and of systems with so many networks each, and a file of addresses."""
    r = random.Random(13)
    paths = [os.path.join(folder, name) for name in ("countries.mmdb", "systems.mmdb", "ips.txt")]
    for path, entry in ((paths[0], '{"country": {"iso_code": "%s"}}'), (paths[1], '{"autonomous_system_number": %s}')):
        made = subprocess.Popen([sys.executable, os.path.join(ROOT, "tools/make_mmdb.py"), path], stdin=subprocess.PIPE, text=True)
        lines = []
        for _ in range(count):
            length = r.randint(12, 24)
            base = r.getrandbits(32) >> (32 - length) << (32 - length)
            value = chr(65 + r.randrange(26)) + chr(65 + r.randrange(26)) if path == paths[0] else r.randint(1, 70_000)
            lines.append(f"{ipaddress.IPv4Address(base)}/{length}\t{entry % value}\n")
        # The wide ones first: a network takes its part out of the one around it.
        made.communicate("".join(sorted(lines, key=lambda line: int(line.split("/")[1].split()[0]))))
        if made.returncode:
            raise SystemExit("bench: a database was not made")
    with open(paths[2], "w") as file:
        for _ in range(asked):
            file.write(f"{ipaddress.IPv4Address(r.getrandbits(32))}\n")
    return paths


def names(folder, listed, asked):
    """Files of `listed` names and of `asked` ones, of which one in fifty is a listed one with noise."""
    spec = importlib.util.spec_from_file_location("pairs", os.path.join(ROOT, "tools/make_name_pairs.py"))
    pairs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pairs)
    r = random.Random(12)

    def name():
        parts = (pairs.person if r.random() < 0.75 else pairs.firm)(r)
        # Bulk needs more words than the tables have: a middle word of its own.
        middle = "".join(r.choice("bdfgklmnprstvz") + r.choice("aeiou") for _ in range(r.randint(2, 4))).capitalize()
        return " ".join(pairs.listed(parts)[:1] + [middle] + pairs.listed(parts)[1:])

    known = [name() for _ in range(listed)]
    paths = [os.path.join(folder, name) for name in ("names-listed.txt", "names-asked.txt")]
    with open(paths[0], "w", encoding="utf-8") as file:
        file.write("\n".join(known) + "\n")
    with open(paths[1], "w", encoding="utf-8") as file:
        for _ in range(asked):
            file.write((" ".join(pairs.typo(r, r.choice(known).split())) if r.random() < 0.02 else name()) + "\n")
    return paths + [os.path.join(ROOT, "Tests/Vectors/names/pairs.tsv")]


def sponsors(folder, count):
    """A file with the sponsor of member 1 ... `count`: every fourth newcomer comes to the root, the others to anybody before them."""
    r = random.Random(17)
    path = os.path.join(folder, "sponsors.txt")
    with open(path, "w") as file:
        for member in range(1, count + 1):
            file.write(f"{0 if r.randrange(4) == 0 else r.randrange(member)}\n")
    return path


def orders(folder, members, count):
    """A file of orders, `buyer pv` a line: buyers anywhere in a tree of `members` beside the root, PV in whole numbers of 0.0001."""
    r = random.Random(18)
    path = os.path.join(folder, "orders.txt")
    with open(path, "w") as file:
        for _ in range(count):
            file.write(f"{r.randint(1, members)} {r.randint(1, 50_000_000)}\n")
    return path
