"""The shipped bytes are what the source says, and the assembler refuses sources that lie."""
import json
import unittest

from harness import ARTIFACT, Desk
import assemble
import swift_constants
from eth_utils import keccak

FORBIDDEN = {0x54: "SLOAD", 0x55: "SSTORE", 0x5C: "TLOAD", 0x5D: "TSTORE", 0x32: "ORIGIN", 0xF0: "CREATE", 0xF5: "CREATE2",
             0xF2: "CALLCODE", 0xF4: "DELEGATECALL", 0xFF: "SELFDESTRUCT", 0x31: "BALANCE", 0x47: "SELFBALANCE"}


def instructions(code: bytes):
    at = 0
    while at < len(code):
        yield at, code[at]
        at += 1 + (code[at] - 0x5F if 0x60 <= code[at] <= 0x7F else 0)


class Bytes(unittest.TestCase):
    def test_the_shipped_artifact_is_what_the_source_assembles_to(self):
        self.assertEqual(json.loads(ARTIFACT.read_text()), assemble.build())

    def test_the_swift_constants_are_those_of_the_artifact(self):
        self.assertEqual(assemble.SWIFT.read_text(), swift_constants.swift_source(assemble.build()))

    def test_the_chain_holds_the_runtime_whose_hash_is_shipped(self):
        desk, artifact = Desk(), json.loads(ARTIFACT.read_text())
        code = desk.chain.rpc_eth_getCode([desk.batch])
        self.assertEqual(code, artifact["runtime"])
        self.assertEqual("0x" + keccak(bytes.fromhex(code[2:])).hex(), artifact["runtimeHash"])

    def test_deployment_refuses_value(self):
        desk, artifact = Desk(), json.loads(ARTIFACT.read_text())
        self.assertEqual(desk.send(b"", bytes.fromhex(artifact["bytecode"][2:]), value=1)["status"], "0x0")

    def test_the_code_has_no_storage_no_delegation_no_destruction_and_every_jump_is_to_a_label(self):
        code = bytes.fromhex(assemble.build()["runtime"][2:])
        listing = list(instructions(code))
        self.assertEqual({FORBIDDEN[op] for _, op in listing if op in FORBIDDEN}, set())
        labels = {at for at, op in listing if op == 0x5B}
        for (at, op), (_, following) in zip(listing, listing[1:]):
            if following in (0x56, 0x57):
                self.assertEqual(op, 0x61)
                self.assertIn(int.from_bytes(code[at + 1:at + 3], "big"), labels)


class Source(unittest.TestCase):
    def refused(self, text, message):
        with self.assertRaisesRegex(assemble.AssemblyError, message):
            assemble.Assembler(text)

    def test_pushes_take_the_shortest_form(self):
        code = assemble.Assembler("push 0 push 1 push 255 push 256 push 0xffffffffffffffffffffffff").code
        self.assertEqual(code.hex(), "5f" "6001" "60ff" "610100" "6b" + "ff" * 12)

    def test_a_known_program_assembles_to_known_bytes(self):
        text = ".const N 3\npush N -- [left]\nagain: [left]\npush 1 swap1 sub -- [left]\ndup1 push @again jumpi\nstop"
        self.assertEqual(assemble.Assembler(text).code.hex(), "6003" "5b" "6001" "90" "03" "80" "610002" "57" "00")

    def test_notes_labels_and_jumps_that_disagree_with_the_stack_are_refused(self):
        self.refused("push 1 push 2 -- [a]", "note has 1 values")
        self.refused("push 1 push 2 -- [a b]\nswap1 -- [a b]", "note says a where the stack has b")
        self.refused("push 1 -- [a]\nthere: [a b]\nstop", "reached with")
        self.refused("push 1 -- [a]\npush 2 -- [a b]\npush @there jump\nthere: [b a]\nstop", "reached with")
        self.refused("push 1 -- [a]\npush @there jump\nthere: [.. x]\nstop", "reached with")

    def test_slips_are_refused(self):
        self.refused("add", "needs 2 values")
        self.refused("push 1 dup2", "below the stack")
        self.refused("sload", "unknown word")
        self.refused("push NOPE", "unknown value")
        self.refused("push @nowhere jump", "no label")
        self.refused("push 2 jump", "label pushed just before")
        self.refused("stop\nstop", "never be reached")
        self.refused("a: []\na: []", "twice")


if __name__ == "__main__":
    unittest.main()
