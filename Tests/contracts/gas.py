#!/usr/bin/env python3
"""Gas per recipient of the batch contract and of the disperse method, on the development chain.

  python Tests/contracts/gas.py [recipients]     # default 200

Gas of the whole transaction after refunds, divided by the recipients. The approval was made before and is not used up.
Warm recipients already hold some of what they are paid; cold ones hold nothing. `floor` is what the token itself uses
for one warm transfer, measured inside it, plus the 100 that any CALL to it costs: no contract that calls transfer gets below.
"""
import sys

from harness import Desk, encode, pay_native, pay_token, pay_wide, person, selector


def disperse_token(token, payments) -> bytes:
    return selector("disperseToken(address,address[],uint256[])") + encode(
        ["address", "address[]", "uint256[]"], [token, [p for p, _ in payments], [a for _, a in payments]])


def disperse_ether(payments) -> bytes:
    return selector("disperseEther(address[],uint256[])") + encode(
        ["address[]", "uint256[]"], [[p for p, _ in payments], [a for _, a in payments]])


def token_floor(desk, token, payments) -> int:
    """Gas used inside the token by the last of these transfers, plus the CALL."""
    used = []
    kind = desk.chain.vm_at(desk.chain.head.header).state.computation_class
    plain = kind.opcodes[0xF1]

    def call(computation):
        before, children = computation.get_gas_remaining(), len(computation.children)
        plain(computation)
        if computation.msg.depth == 0 and len(computation.children) > children:
            used.append(before - computation.get_gas_remaining())

    kind.opcodes = {**kind.opcodes, 0xF1: call}
    try:
        desk.chain.simulate({"from": desk.owner, "to": desk.batch, "data": "0x" + pay_token(token, payments).hex()}, desk.chain.head)
    finally:
        kind.opcodes = {**kind.opcodes, 0xF1: plain}
    return used[-1]


def measure(count=200) -> list:
    """Rows of (what is paid, warm or cold, method, gas per recipient)."""
    desk, rows = Desk("gas"), []
    disperse = desk.deploy("Disperse")
    payments = [(person(i), 5_000_000 + 1000 * i) for i in range(count)]
    total = sum(a for _, a in payments)
    for kind in ("Token", "NoReturnToken"):
        token = desk.token(kind)
        for spender in (disperse, desk.batch):
            desk.tell(token, "approve(address,uint256)", spender, 2**200)
        # The payer keeps a balance and the allowance stays, as for any batch but the last of a campaign.
        methods = {"payToken": (desk.batch, pay_token(token, payments)), "payTokenWide": (desk.batch, pay_wide(token, payments))}
        if count <= 256:
            methods["disperseToken"] = (disperse, disperse_token(token, payments))
        for state in ("cold", "warm"):
            for method, (to, data) in methods.items():
                mark = desk.chain.rpc_evm_snapshot([])
                receipt = desk.send(to, data)
                assert receipt["status"] == "0x1"
                rows.append((kind, state, method, int(receipt["gasUsed"], 16) / count))
                desk.chain.rpc_evm_revert([mark])
            desk.send(*methods["payToken"])
        rows.append((kind, "warm", "floor", float(token_floor(desk, token, payments))))
    methods = {"payNative": (desk.batch, pay_native(payments))}
    if count <= 256:
        methods["disperseEther"] = (disperse, disperse_ether(payments))
    for state in ("cold", "warm"):
        for method, (to, data) in methods.items():
            mark = desk.chain.rpc_evm_snapshot([])
            receipt = desk.send(to, data, total)
            assert receipt["status"] == "0x1"
            rows.append(("native", state, method, int(receipt["gasUsed"], 16) / count))
            desk.chain.rpc_evm_revert([mark])
        desk.send(desk.batch, methods["payNative"][1], total)
    return rows


if __name__ == "__main__":
    recipients = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"gas per recipient, {recipients} recipients")
    for asset, state, method, gas in measure(recipients):
        print(f"{asset:14} {state:5} {method:14} {gas:10.1f}")
