#!/usr/bin/env python3
"""A lottery from its plan to its public page, with the program alone, and what a browser says of the page.

    Tests/verify/page_test.py [--binary .build/debug/almoner] [--screenshots DIR]

The last line is "N passed, N failed".
"""

import argparse
import contextlib
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=str(ROOT / ".build/debug/almoner"))
parser.add_argument("--screenshots")
options = parser.parse_args()
binary = str(pathlib.Path(options.binary).resolve())
passed = failed = 0


def check(name, holds, detail=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print(("ok   " if holds else "FAIL ") + name, "" if holds else detail)


def environment(folder):
    settings = {"AM_DB_DSN": f"sqlite:{folder}/desk.db", "AM_EVM_CHAIN_ID": "31337", "AM_EVM_RPC": "http://127.0.0.1:1",
                "AM_VRF_KEY": f"{folder}/vrf.json", "AM_VRF_LOG": f"{folder}/vrf.sqlite",
                "AM_VRF_PASSWORD_FILE": f"{folder}/password"}
    return {k: v for k, v in os.environ.items() if not k.startswith("AM_")} | settings


def almoner(folder, *words, code=0):
    run = subprocess.run([binary, *words], capture_output=True, text=True, env=environment(folder), cwd=folder)
    if code is not None and run.returncode != code:
        sys.exit(f"{' '.join(words)} ended with {run.returncode}: {run.stdout}{run.stderr}\n0 passed, 1 failed")
    return run


@contextlib.contextmanager
def keeper(folder):
    """The VRF's key in its process; gives its socket."""
    run = subprocess.Popen([binary, "vrf", "serve", "--socket", "keeper.sock", "--json"],
                           stdout=subprocess.PIPE, text=True, env=environment(folder), cwd=folder)
    try:
        check("the keeper listens", json.loads(run.stdout.readline())["event"] == "vrf_listening")
        yield "keeper.sock"
    finally:
        run.terminate()
        check("the keeper ends when it is told to", run.wait(timeout=20) == 0)


def browser(folder, page, *flags):
    return subprocess.run(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={folder}/profile", "--virtual-time-budget=20000", "--host-resolver-rules=MAP * ~NOTFOUND",
         "--enable-logging=stderr", *flags, page.as_uri()],
        capture_output=True, text=True, timeout=300)


def verdict(folder, page):
    run = browser(folder, page, "--dump-dom")
    found = re.search(r'<html[^>]*data-verdict="(\w+)"', run.stdout)
    return found.group(1) if found else None, html.unescape(re.sub(r"<script.*?</script>", "", run.stdout, flags=re.S)), run.stderr


def lottery(folder, out):
    """A lottery that is sold out, drawn from a VRF and paid in part; the bundle is at `out`."""
    (folder / "password").write_text("a keeper's password")
    (folder / "password").chmod(0o600)
    key = json.loads(almoner(folder, "vrf", "new-key", "--json").stdout)["public_key"]
    now = int(time.time())
    config = {
        "event_slug": "spring <b>&", "series_code": "weekly", "run_id": 7, "config_version": 1, "primary_type": 0, "tags_mask": 0,
        "sales_window": {"sales_start": now - 1000, "sales_end": now + 100_000}, "ticket_price": 1000,
        "ticket_limits": {"max_tickets_total": 1000, "max_tickets_per_address": 0},
        "sales_distribution": {"prize_bps": 7000, "jackpot_bps": 1500, "operations_bps": 1000, "reserve_bps": 500},
        "prize_plan": [{"slot_id": 1, "winners_per_slot": 2, "reward_type": 0, "reward_payload": "0x"},
                       {"slot_id": 2, "winners_per_slot": 3, "reward_type": 0, "reward_payload": "0x"}],
        "winners_dedup": True, "draw_algo": 0, "auto_close_policy": {"enabled": True, "grace_period_secs": 60},
        "reward_backend": {"backend_type": 0, "config_blob": "0x"},
        "vrf_retry_policy": {"strategy": 0, "base_delay_secs": 600, "max_delay_secs": 600},
    }
    (folder / "config.json").write_text(json.dumps(config))
    steps = [["init_registry", "--admin", "0xad"], *[[f"init_{x}"] for x in ("sales", "draw", "payouts", "roles", "history")],
             ["create_draft_admin", "--id", "7", "--lottery_config", "@config.json"],
             ["plan_randomness", "--id", "7", "--source", f"vrf:{key}", "--fallback", "drand:quicknet",
              "--margin_secs", "60", "--deadline_secs", "3600"],
             ["advance_status", "--id", "7", "--status", "active"]]
    steps += [["purchase_tickets_public", "--id", "7", "--quantity", str(1 + i % 9), "--as", "0x" + "0" * 24 + f"{i % 5 + 1:040x}"]
              for i in range(12)]
    steps += [["advance_status", "--id", "7", "--status", "closing"],
              ["request_draw_admin", "--id", "7", "--nonce", "1", "--confirmations", "1"]]
    for number, step in enumerate(steps):
        almoner(folder, "lottery", *step, "--key", f"step-{number}")
    almoner(folder, "audit", "seal")
    question = json.loads(almoner(folder, "lottery", "question", "--id", "7", "--json").stdout)
    check("the draw waits for the plan's source", question["kind"] == "vrf" and question["public_key"] == key, question)
    with keeper(folder) as socket:
        almoner(folder, "lottery", "draw", "--id", "7", "--key", "draw", "--vrf-socket", socket)
    almoner(folder, "lottery", "compute_winners_admin", "--id", "7", "--batch_limit", "100", "--key", "winners")
    almoner(folder, "lottery", "bundle", "--id", "7", "--out", str(out))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        bundle, public = folder / "draw.json", folder / "public"
        lottery(folder, bundle)
        run = almoner(folder, "lottery", "verify", "--bundle", str(bundle), "--json")
        said = json.loads(run.stdout)
        proved = {x["statement"] for x in said["proved"]}
        check("the program accepts its own bundle", {"randomness", "winners", "owners", "prizes"} <= proved, run.stdout)
        second = subprocess.run([sys.executable, ROOT / "tools/verify_draw.py", bundle], capture_output=True, text=True)
        check("the second verifier accepts it", second.returncode == 0, second.stdout)
        check("its commitment was sealed", json.loads(bundle.read_text())["witness"] is not None)
        forged = json.loads(bundle.read_text())
        forged["winners"][0]["ticket"] = str(int(forged["winners"][0]["ticket"]) ^ 1)
        (folder / "forged.json").write_text(json.dumps(forged))
        run = almoner(folder, "lottery", "verify", "--bundle", str(folder / "forged.json"), code=None)
        check("the program refuses a forged one", run.returncode == 1 and "draw.refuted" in run.stderr + run.stdout, run.stderr)

        almoner(folder, "lottery", "page", "--out", str(public))
        page = public / "lottery-7.html"
        text = page.read_text()
        check("there is an index, a page and a file", sorted(p.name for p in public.iterdir()) == ["draw-7.json", "index.html", "lottery-7.html"])
        check("outside words are no tags", "spring <b>" not in text and "spring &lt;b&gt;&amp;" in text)
        check("buyers stand as their wallets show them", len(re.findall(r"<td>0x0{39}[1-5]</td>", text)) == 5)
        check("nothing is loaded from anywhere", not re.search(r'(src|href)="(?!draw-7\.json)', text))
        check("the policy allows its own scripts alone", "default-src 'none'; script-src 'sha256-" in text and "unsafe" not in text)
        answer, words, log = verdict(folder, page)
        check("the browser says yes to the true bundle", answer == "yes" and "Yes: this draw is right." in words, words[-3000:])
        check("the browser runs it without complaints", "Refused to" not in log and "Uncaught" not in log, log[-2000:])
        true, lie = f'"ticket":"{json.loads(bundle.read_text())["winners"][0]["ticket"]}"', f'"ticket":"{forged["winners"][0]["ticket"]}"'
        (public / "forged.html").write_text(text.replace(true, lie, 1))
        answer, words, _ = verdict(folder, public / "forged.html")
        check("the browser says no to a forged one", answer == "no" and "No: this draw is not right." in words, words[-3000:])
        if options.screenshots:
            for name, flags in (("light", ["--window-size=900,2200"]), ("phone", ["--window-size=500,2600"]),
                                ("dark", ["--window-size=900,2200", "--force-dark-mode", "--blink-settings=preferredColorScheme=0"])):
                browser(folder, page, *flags, f"--screenshot={pathlib.Path(options.screenshots).resolve()}/{name}.png")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
