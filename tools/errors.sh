#!/bin/bash
# Brings the table of docs/errors.md, and what `ops explain` says, in step with the sources: adds new codes, drops gone
# ones, keeps the written meanings. A new row takes its meaning from the doc comment above the case; a row without one
# fails a test.
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/errors.md
codes=$(mktemp) next=$(mktemp)
trap 'rm -f "$codes" "$next"' EXIT
find Sources -name '*.swift' -print0 | sort -z | xargs -0 awk '
  FNR == 1 { inside = 0 }
  /enum (Code|FailureReason) *: *String/ { inside = 1; text = "" ; next }
  inside && /^ *\/\/\/ / { line = $0; sub(/^ *\/\/\/ */, "", line); text = text (text == "" ? "" : " ") line; next }
  inside && /^ *case .*= *"/ {
    code = $0; sub(/^[^"]*"/, "", code); sub(/".*/, "", code)
    gsub(/\|/, "/", text); print code "\t" text; text = ""
  }
  inside && /^ *}/ { inside = 0 }' | sort >"$codes"
awk '/^\| Code /{ exit } { print }' "$page" >"$next"
printf '| Code | What happened and what to do |\n| --- | --- |\n' >>"$next"
awk -F'\t' -v page="$page" '
  BEGIN {
    while ((getline line < page) > 0)
      if (match(line, /^\| `[a-z0-9_.]+` \|/)) {
        code = line; sub(/^\| `/, "", code); sub(/`.*/, "", code)
        text = substr(line, RLENGTH + 1); sub(/ *\| *$/, "", text); sub(/^ */, "", text)
        if (text != "") written[code] = text
      }
  }
  { print "| `" $1 "` | " ($1 in written ? written[$1] : $2) " |" }' "$codes" >>"$next"
cp "$next" "$page"

# The same meanings for `almoner ops explain`, in two files by the first letter.
for part in a-l m-z; do
  file=Sources/Apps/Commands/Ops/ErrorMeanings+${part^^}.swift
  file=${file//-/}
  {
    echo '// swift-format-ignore-file'
    echo "/// Codes and meanings of docs/errors.md, from $part; made by tools/errors.sh."
    echo 'extension ErrorMeanings {'
    echo "  static let ${part%-*}To${part^^} = #\"\"\"" | sed 's/To\([A-Z]\)-\([A-Z]\)/To\2/'
    grep -E "^\| \`[$part]" "$page" | sed -E 's/^\| `([a-z0-9_.]+)` \| (.*) \|$/    \1 \2/'
    echo '    """#'
    echo '}'
  } >"$file"
done
