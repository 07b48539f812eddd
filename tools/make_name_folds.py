#!/usr/bin/env python3
"""Makes Sources/Core/Policy/Lists/NameFolds.swift: which ASCII letters a letter is compared as.

  python tools/make_name_folds.py            # writes
  python tools/make_name_folds.py --check    # exit 1 if the file differs from what this makes

Latin letters by their compatibility decomposition (Unicode NFKD) without marks, and a few that have none; Cyrillic and
Greek by the romanisation that sanctions lists mostly use (BGN/PCGN, ELOT 743 without digraphs). Only the standard library.
"""
import pathlib
import sys
import unicodedata

OUT = pathlib.Path(__file__).resolve().parent.parent / "Sources/Core/Policy/Lists/NameFolds.swift"
EXTRA = dict(zip("ßæøðþłđıœħŋʼʹʻ’‘`´", ["ss", "ae", "o", "d", "th", "l", "d", "i", "oe", "h", "n"] + [""] * 7))
CYRILLIC = dict(zip("абвгдеёзийклмнопрстуфыэіїєґўјљњћђџѐѝөүқғңһәұ", [
    "a", "b", "v", "g", "d", "e", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "y", "e",
    "i", "yi", "ye", "g", "u", "j", "lj", "nj", "c", "dj", "dz", "e", "i", "o", "u", "q", "gh", "ng", "h", "a", "u"]))
CYRILLIC |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}
GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", [
    "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o"]))
# Marks on letters, which go; in Indic scripts marks are vowels, and stay.
MARKS = [(0x300, 0x36F), (0x483, 0x489), (0x64B, 0x65F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)]
LETTERS = EXTRA | CYRILLIC | GREEK


def fold(scalar):
    """The ASCII letters and digits of one scalar; None when it is no such letter."""
    char = chr(scalar)
    if unicodedata.category(char) == "Cf" or any(first <= scalar <= last for first, last in MARKS):
        return ""
    direct = LETTERS.get(char.lower())
    if direct is not None:
        return direct
    out = ""
    for part in unicodedata.normalize("NFKD", char).lower():
        if unicodedata.combining(part):
            continue
        part = LETTERS.get(part, part)
        if not all(c.isascii() and c.isalnum() for c in part):
            return None
        out += part
    return out or None


def main():
    groups = {}
    for scalar in range(0x80, 0x20000):
        if 0xD800 <= scalar < 0xE000:
            continue
        folded = fold(scalar)
        if folded is not None and len(folded) <= 6:
            groups.setdefault(folded, []).append(scalar)
    lines = []
    for folded, scalars in sorted(groups.items()):
        runs, start, last = [], None, None
        for scalar in scalars + [None]:
            if last is not None and scalar == last + 1:
                last = scalar
                continue
            if start is not None:
                runs.append(f"{start:x}" if start == last else f"{start:x}-{last:x}")
            start = last = scalar
        for at in range(0, len(runs), 12):
            lines.append(f"    {folded}:{','.join(runs[at:at + 12])}")
    text = "\n".join([
        "// Made by tools/make_name_folds.py. Do not edit.", "",
        "/// Letters outside ASCII and what they are compared as: one line a text, then scalars and ranges in hex.",
        "enum NameFolds {", '  static let table = """', *lines, '    """', "}", ""])
    if "--check" in sys.argv[1:]:
        return 0 if OUT.exists() and OUT.read_text(encoding="utf-8") == text else 1
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
