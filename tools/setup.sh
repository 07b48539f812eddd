#!/bin/bash
# Installs what is missing, and nothing else.
#
#   tools/setup.sh build         packages to compile
#   tools/setup.sh build run     and to run the demo
#   tools/setup.sh chain         Python environments of the development chains (.venv, .venv-supra)
#   tools/setup.sh test          every section but bench, and .venv
#   tools/setup.sh bench         what the peers of the benches need, and their Python environment (.venv-bench)
#
# Sections are in tools/packages.txt. Silent when there is nothing to do; needs root or sudo only when there is.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "setup: $*" >&2; exit 1; }

sections=() chain=no bench=no
for word in "$@"; do
  case $word in
    build|run) sections+=("$word") ;;
    test) sections+=(build run test); chain=yes ;;
    chain) sections+=(run); chain=yes ;;
    bench) sections+=(bench); bench=yes ;;
    *) fail "unknown section '$word'; known: build, run, chain, test, bench" ;;
  esac
done
[ ${#sections[@]} -gt 0 ] || fail 'name at least one of: build, run, chain, test, bench'

command -v swift >/dev/null || fail 'swift is not on the PATH; install Swift 6.3 from https://www.swift.org/install/linux/ and run this again'
command -v dpkg-query >/dev/null || fail 'dpkg-query is missing; on a system other than Debian install the packages of tools/packages.txt by hand'

mapfile -t wanted < <(awk -v list=" ${sections[*]} " '
  { sub(/#.*/, ""); gsub(/[ \t]/, "") } $0 == "" { next }
  /^\[/ { section = substr($0, 2, length($0) - 2); next }
  index(list, " " section " ") && !seen[$0]++ { print }' tools/packages.txt)
mapfile -t present < <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | awk '$1 == "ii" { print $2 }')
missing=()
for package in "${wanted[@]}"; do
  [[ " ${present[*]} " == *" $package "* ]] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then root=(env); elif command -v sudo >/dev/null; then root=(sudo); else
    fail "these packages are missing and there is neither root nor sudo to install them: ${missing[*]}"
  fi
  echo "setup: installing ${missing[*]}" >&2
  log=$(mktemp)
  # The tests start the servers they need; a package must not start its own beside them.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '"${root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
  fi
  install=(apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}")
  if ! { "${root[@]}" apt-get update -q && "${root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -20 "$log" >&2
    fail "apt-get could not install them; the whole output is in $log"
  fi
  rm -f "$log"
fi

environment() {  # folder requirements what
  local stamp log
  stamp=$1/installed-$(cat "$2" "$0" | sha256sum | cut -c1-16)
  [ ! -e "$stamp" ] || return 0
  echo "setup: making $1 for $3" >&2
  rm -rf "$1"
  log=$(mktemp)
  if ! { python3 -m venv "$1" && "$1"/bin/pip install --disable-pip-version-check --no-input -q -r "$2"; } >"$log" 2>&1 </dev/null; then
    tail -20 "$log" >&2
    fail "pip could not install $2; the whole output is in $log"
  fi
  rm -f "$log"
  touch "$stamp"
}

if [ "$chain" = yes ]; then
  environment .venv tools/devchain/requirements.txt 'the EVM development chain'
  environment .venv-supra tools/devchain/requirements-supra.txt 'the Supra development node'
fi
[ "$bench" = no ] || environment .venv-bench Benchmarks/peers/requirements.txt 'the peers of the benches'
