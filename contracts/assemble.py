#!/usr/bin/env python3
"""Assembles AlmonerBatch.evm into AlmonerBatch.json and the driver's Swift constants.

  python contracts/assemble.py           # writes both
  python contracts/assemble.py --check   # exit 1 if either differs from what the source gives

The language is EVM mnemonics, one or more to a line, plus:

  .const NAME VALUE           a number (decimal, 0x..) or another constant
  .selector NAME signature    first four bytes of keccak256(signature)
  .macro NAME / .end          a run of lines; `NAME` alone on a line pastes it
  push VALUE|NAME|@label      shortest PUSH; a label is always PUSH2
  label: [a b c]              JUMPDEST; the stack every path arrives with (top is rightmost); a leading `..` is
                              whatever lies below, for paths that only revert
  ... -- [a b c]              names the stack after the line
  ; text                      comment

Stack notes are checked, not trusted: the assembler follows every name through DUP, SWAP and POP, and refuses a
note, a label or a jump that does not agree. Only a value made on that line may get a new name.
"""
import json
import pathlib
import re
import sys

from eth_utils import keccak

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "AlmonerBatch.evm"
ARTIFACT = HERE / "AlmonerBatch.json"
ABI = HERE / "AlmonerBatch.abi.json"
SWIFT = HERE.parent / "Sources/Adapters/EVMDriver/Codec/BatchContractCode.swift"

# mnemonic: (opcode, values taken, values left). Only what the contract uses: an unknown word is an error.
OPCODES = {
    "stop": (0x00, 0, 0), "add": (0x01, 2, 1), "sub": (0x03, 2, 1), "lt": (0x10, 2, 1), "gt": (0x11, 2, 1),
    "eq": (0x14, 2, 1), "iszero": (0x15, 1, 1), "and": (0x16, 2, 1), "or": (0x17, 2, 1), "xor": (0x18, 2, 1),
    "not": (0x19, 1, 1), "shl": (0x1B, 2, 1), "shr": (0x1C, 2, 1), "address": (0x30, 0, 1), "caller": (0x33, 0, 1),
    "callvalue": (0x34, 0, 1), "calldataload": (0x35, 1, 1), "calldatasize": (0x36, 0, 1), "codecopy": (0x39, 3, 0),
    "extcodesize": (0x3B, 1, 1), "returndatasize": (0x3D, 0, 1), "pop": (0x50, 1, 0), "mload": (0x51, 1, 1),
    "mstore": (0x52, 2, 0), "jump": (0x56, 1, 0), "jumpi": (0x57, 2, 0), "gas": (0x5A, 0, 1), "call": (0xF1, 7, 1),
    "return": (0xF3, 2, 0), "staticcall": (0xFA, 6, 1), "revert": (0xFD, 2, 0),
}
ENDS = {"stop", "jump", "return", "revert"}
JUMPDEST, PUSH0, DUP1, SWAP1 = 0x5B, 0x5F, 0x80, 0x90


class AssemblyError(Exception):
    """The source is wrong; the message names the line."""


class Assembler:
    """One pass over the lines, with label addresses filled in at the end."""

    def __init__(self, text: str):
        self.consts, self.macros, self.signatures = {}, {}, {}
        self.code, self.labels, self.holes, self.arrivals = bytearray(), {}, [], []
        self.stack = []          # names, top last; None after an instruction that never falls through
        self.moved = set()       # ids of values made on this line: only these may be named anew
        lines, body, name = text.splitlines(), None, None
        for number, raw in enumerate(lines, 1):
            line = raw.split(";")[0].strip()
            try:
                if line.startswith(".macro "):
                    name, body = line.split()[1], []
                elif line == ".end":
                    self.macros[name], body = body, None
                elif body is not None:
                    body.append(line)
                elif line:
                    self.line(line)
            except AssemblyError as error:
                raise AssemblyError(f"{SOURCE.name}:{number}: {error}") from None
        for at, label in self.holes:
            if label not in self.labels:
                raise AssemblyError(f"no label {label}")
            self.code[at:at + 2] = self.labels[label][0].to_bytes(2, "big")
        for label, names in self.arrivals:
            self.agree(label, names)

    def line(self, line: str):
        words = line.split(None, 2)
        if words[0] == ".const":
            self.consts[words[1]] = self.number(words[2].strip())
        elif words[0] == ".selector":
            self.signatures[words[1]] = words[2].strip()
            self.consts[words[1]] = int.from_bytes(keccak(text=words[2].strip())[:4], "big")
        elif match := re.fullmatch(r"(\w+):\s*\[(.*)\]", line):
            self.label(match[1], match[2].split())
        else:
            self.moved = set()
            self.steps(line)

    def steps(self, line: str):
        """Instructions or a macro, and the note that may follow."""
        text, _, note = (part.strip() for part in line.partition("--"))
        if text in self.macros:
            for part in filter(None, self.macros[text]):
                self.steps(part)
        else:
            tokens = text.split()
            while tokens:
                self.instruction(tokens)
        if note:
            self.check_note(note[1:-1].split())

    def number(self, text: str) -> int:
        if text in self.consts:
            return self.consts[text]
        try:
            return int(text, 0)
        except ValueError:
            raise AssemblyError(f"unknown value {text}") from None

    def instruction(self, tokens: list):
        word = tokens.pop(0)
        if self.stack is None:
            raise AssemblyError(f"{word} can never be reached")
        if word == "push":
            self.push(tokens.pop(0))
        elif match := re.fullmatch(r"(dup|swap)([1-9]|1[0-6])", word):
            depth = int(match[2])
            need = depth if match[1] == "dup" else depth + 1
            if len(self.stack) < need:
                raise AssemblyError(f"{word} reaches below the stack")
            if match[1] == "dup":
                self.code.append(DUP1 + depth - 1)
                self.made(self.stack[-depth][0])
            else:
                self.code.append(SWAP1 + depth - 1)
                self.stack[-1], self.stack[-1 - depth] = self.stack[-1 - depth], self.stack[-1]
        elif word in OPCODES:
            opcode, takes, leaves = OPCODES[word]
            if len(self.stack) < takes:
                raise AssemblyError(f"{word} needs {takes} values, the stack has {len(self.stack)}")
            self.code.append(opcode)
            taken = [self.stack.pop() for _ in range(takes)]
            if word in ("jump", "jumpi"):
                self.arrive(taken[0][0])
            for _ in range(leaves):
                self.made("?")
            if word in ENDS:
                self.stack = None
        else:
            raise AssemblyError(f"unknown word {word}")

    def push(self, text: str):
        if text.startswith("@"):
            self.code.append(PUSH0 + 2)
            self.holes.append((len(self.code), text[1:]))
            self.code += b"\0\0"
            return self.made(text)
        value = self.number(text)
        size = (value.bit_length() + 7) // 8
        self.code.append(PUSH0 + size)
        self.code += value.to_bytes(size, "big")
        self.made("?")

    def made(self, name: str):
        entry = [name]
        self.stack.append(entry)
        self.moved.add(id(entry))

    def check_note(self, names: list):
        if self.stack is None or len(names) != len(self.stack):
            raise AssemblyError(f"note has {len(names)} values, the stack is {self.stack and self.names()}")
        for entry, name in zip(self.stack, names):
            if entry[0] != name and id(entry) not in self.moved:
                raise AssemblyError(f"note says {name} where the stack has {entry[0]}")
            entry[0] = name

    def arrive(self, target: str):
        if not target.startswith("@"):
            raise AssemblyError("a jump must go to a label pushed just before")
        self.arrivals.append((target[1:], self.names()))

    def label(self, name: str, names: list):
        if name in self.labels:
            raise AssemblyError(f"label {name} twice")
        self.labels[name] = (len(self.code), names)
        self.code.append(JUMPDEST)
        if self.stack is not None:
            self.arrivals.append((name, self.names()))
        self.stack = [[n] for n in names if n != ".."]

    def names(self) -> list:
        return [entry[0] for entry in self.stack]

    def agree(self, name: str, names: list):
        wanted = self.labels[name][1]
        if wanted[:1] == [".."]:
            wanted = wanted[1:]
            names = names[len(names) - len(wanted):]
        if names != wanted:
            raise AssemblyError(f"{name} is reached with {names}, not {wanted}")


def build() -> dict:
    """Everything that is derived from the source: code, hashes, selectors."""
    contract = Assembler(SOURCE.read_text())
    runtime = bytes(contract.code)
    # The constructor refuses value, then returns the runtime that follows it.
    start = 19
    creation = Assembler(
        f"callvalue push @refuse jumpi\npush {len(runtime)} dup1 push {start} push 0 codecopy push 0 return\n"
        "refuse: []\npush 0 push 0 revert")
    prefix = bytes(creation.code)
    if len(prefix) != start:
        raise AssemblyError(f"the constructor is {len(prefix)} bytes, not {start}")
    signatures = contract.signatures
    abi = json.loads(ABI.read_text())
    declared = {f"{e['name']}({','.join(abi_type(i) for i in e['inputs'])})" for e in abi}
    used = {s for n, s in signatures.items() if not n.startswith("TOKEN_")}
    if declared != used:
        raise AssemblyError(f"the ABI and the source differ: {sorted(declared ^ used)}")
    return {
        "contract": "AlmonerBatch", "compiler": "contracts/assemble.py", "evmVersion": "shanghai",
        "abi": abi, "selectors": {s: "0x" + keccak(text=s)[:4].hex() for s in sorted(used)},
        "bytecode": "0x" + (prefix + runtime).hex(), "runtime": "0x" + runtime.hex(),
        "runtimeHash": "0x" + keccak(runtime).hex(), "nativeCallGas": contract.consts["NATIVE_CALL_GAS"],
    }


def abi_type(item: dict) -> str:
    if item["type"].startswith("tuple"):
        return "(" + ",".join(abi_type(c) for c in item["components"]) + ")" + item["type"][5:]
    return item["type"]


def main() -> int:
    from swift_constants import swift_source
    artifact = build()
    outputs = {ARTIFACT: json.dumps(artifact, indent=1), SWIFT: swift_source(artifact)}
    if "--check" in sys.argv[1:]:
        stale = [p.name for p, text in outputs.items() if not p.exists() or p.read_text() != text]
        print("stale: " + ", ".join(stale) if stale else "up to date")
        return 1 if stale else 0
    for path, text in outputs.items():
        path.write_text(text)
    size = lambda key: (len(artifact[key]) - 2) // 2
    print(f"creation {size('bytecode')} bytes, runtime {size('runtime')} bytes, runtime hash {artifact['runtimeHash']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
