# pragma version ^0.4.0
"""A sanctions oracle in the shape of Chainalysis' SanctionsList: the owner lists addresses, and anybody may ask."""
owner: public(address)
listed: HashMap[address, bool]

@deploy
def __init__():
    self.owner = msg.sender

@external
def addToSanctionsList(added: DynArray[address, 100]):
    assert msg.sender == self.owner
    for one: address in added:
        self.listed[one] = True

@external
@view
def isSanctioned(addr: address) -> bool:
    return self.listed[addr]
