"""rapidfuzz on one core: names against listed names, and the labelled pairs: names.py LISTED ASKED PAIRS FIRST.

Its speed is measured over the first FIRST names, since every name is compared with every listed one; its own preparation (case,
punctuation) is done before the clock starts. The threshold is the one that gives 0.95 recall on the pairs.
"""
import sys

from rapidfuzz import fuzz, process, utils

from peer import Measure


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def quality(scorer, rows):
    scored = [(scorer(row[2], row[3], processor=utils.default_process), row[0] == "1") for row in rows]
    same = sorted(score for score, is_same in scored if is_same)
    threshold = same[len(same) // 20]
    right = sum(1 for score in same if score >= threshold)
    wrong = sum(1 for score, is_same in scored if not is_same and score >= threshold)
    return threshold, right / len(same), right / (right + wrong)


def main():
    listed, asked, rows = lines(sys.argv[1]), lines(sys.argv[2]), [line.split("\t") for line in lines(sys.argv[3])[1:]]
    few = asked[: int(sys.argv[4])]
    listed = [utils.default_process(name) for name in listed]
    few = [utils.default_process(name) for name in few]
    for name, scorer in (("token_sort_ratio", fuzz.token_sort_ratio), ("WRatio", fuzz.WRatio)):
        threshold, recall, precision = quality(scorer, rows)
        part = few if name == "token_sort_ratio" else few[: max(1, len(few) // 5)]
        measure = Measure()
        scores = process.cdist(part, listed, scorer=scorer, score_cutoff=threshold, workers=1)
        took = measure.taken()
        hits = int((scores > 0).sum())
        took.result(
            len(part), scorer=name, hits=hits, at_95_threshold=f"{threshold:.2f}", at_95_recall=f"{recall:.4f}",
            at_95_precision=f"{precision:.4f}")


main()
