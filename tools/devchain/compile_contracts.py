#!/usr/bin/env python3
"""Compiles contracts/*.vy to the JSON beside them. Needs vyper 0.4.3, which the chains themselves do not.

  python compile_contracts.py           # writes
  python compile_contracts.py --check   # exit 1 if a JSON file differs from what its source gives
"""
import json
import pathlib
import sys

import vyper
from vyper.compiler import compile_code
from vyper.compiler.settings import Settings

FOLDER = pathlib.Path(__file__).resolve().parent / "contracts"


def main() -> int:
    if vyper.__version__.split("+")[0] != "0.4.3":
        print(f"vyper 0.4.3 is needed, this is {vyper.__version__}", file=sys.stderr)
        return 2
    stale = []
    for source in sorted(FOLDER.glob("*.vy")):
        out = compile_code(source.read_text(), output_formats=["abi", "bytecode"], settings=Settings(evm_version="cancun"))
        text = json.dumps({"contract": source.stem, "compiler": "vyper 0.4.3", "evmVersion": "cancun", "abi": out["abi"], "bytecode": out["bytecode"]}, indent=1)
        path = source.with_suffix(".json")
        if not path.exists() or path.read_text() != text:
            stale.append(path.name)
            if "--check" not in sys.argv[1:]:
                path.write_text(text)
    print(("stale: " if "--check" in sys.argv[1:] else "written: ") + ", ".join(stale) if stale else "up to date")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
