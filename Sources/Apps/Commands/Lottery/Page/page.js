// Looks at the page's own draw again as soon as it is there, and writes what came of it. `#draw` is the bundle.
(() => {
  const said = document.getElementById("said");
  const line = (tag, words, name) => {
    const out = document.createElement(tag);
    out.textContent = words;
    if (name) out.className = name;
    said.append(out);
    return out;
  };
  const list = (title, findings) => {
    if (!findings.length) return;
    line("h3", title);
    const all = line("ul", "");
    for (const f of findings) {
      const item = document.createElement("li"), name = document.createElement("b");
      name.textContent = f.statement;
      item.append(name, ": " + f.detail);
      all.append(item);
    }
  };
  const look = () => {
    said.textContent = "";
    try {
      const verdict = verifyDraw(text(document.getElementById("draw").textContent));
      document.documentElement.dataset.verdict = "yes";
      line("p", "Yes: this draw is right. Your browser has computed it again from the bundle alone.", "yes");
      list("Proved", verdict.findings.filter((f) => f.isProved));
      list("Taken on trust", verdict.findings.filter((f) => !f.isProved));
    } catch (error) {
      document.documentElement.dataset.verdict = "no";
      line("p", "No: this draw is not right. " + error.message, "no");
    }
  };
  setTimeout(look, 30);
})();
