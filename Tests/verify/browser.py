#!/usr/bin/env python3
"""What the verifier of the lottery's page says of a folder of bundles, in headless Chromium: a JSON line each.

    Tests/verify/browser.py KEY DIR
"""

import base64
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><meta charset="utf-8"><pre id="out"></pre><script>%s
const files = %s, key = data(%s, 32), lines = [];
for (const [bundle, text] of files) {
  const line = {bundle, accepted: true, commitment: null, proved: [], taken_on_trust: [], reason: null};
  try {
    const verdict = verifyDraw(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), key);
    line.commitment = verdict.commitment;
    for (const f of verdict.findings) line[f.isProved ? "proved" : "taken_on_trust"].push(f.statement);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    [line.accepted, line.reason] = [false, error.message];
  }
  lines.push(JSON.stringify(line));
}
document.getElementById("out").textContent = lines.join("\\n");
</script>"""


def dom(page, scratch):
    """The text of `out`, once the page has run."""
    path = pathlib.Path(scratch) / "page.html"
    path.write_text(page, encoding="utf-8")
    run = subprocess.run(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         f"--user-data-dir={scratch}/profile", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=600, check=True)
    return html.unescape(re.search(r'<pre id="out">(.*?)</pre>', run.stdout, re.S).group(1))


def main():
    key, files = sys.argv[1], sorted(pathlib.Path(sys.argv[2]).glob("*.json"))
    names = ("draw-verifier.js", "beacon-verifier.js")
    script = "".join((ROOT / "Sources/Apps/Commands/Lottery/Page" / name).read_text(encoding="utf-8") for name in names)
    said = 0
    with tempfile.TemporaryDirectory() as scratch:
        for start in range(0, len(files), 1000):
            part = [(f.name, base64.b64encode(f.read_bytes()).decode()) for f in files[start : start + 1000]]
            text = dom(PAGE % (script, json.dumps(part), json.dumps(key)), scratch)
            said += len(text.splitlines())
            print(text)
    if said != len(files):
        sys.exit(f"the browser looked at {said} of {len(files)} bundles")


if __name__ == "__main__":
    main()
