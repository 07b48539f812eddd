# pragma version ^0.4.0
"""A token that answers false where others revert: too little balance or allowance, a refused party."""
event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    amount: uint256

event Approval:
    owner: indexed(address)
    spender: indexed(address)
    amount: uint256

name: public(String[32])
symbol: public(String[8])
decimals: public(uint8)
totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
owner: public(address)
refused: public(HashMap[address, bool])

@deploy
def __init__(_name: String[32], _symbol: String[8], _decimals: uint8, _supply: uint256):
    self.name = _name
    self.symbol = _symbol
    self.decimals = _decimals
    self.owner = msg.sender
    self.totalSupply = _supply
    self.balanceOf[msg.sender] = _supply
    log Transfer(sender=empty(address), receiver=msg.sender, amount=_supply)

@internal
def _move(_from: address, _to: address, _amount: uint256) -> bool:
    if _to == empty(address) or self.refused[_from] or self.refused[_to] or self.balanceOf[_from] < _amount:
        return False
    self.balanceOf[_from] -= _amount
    self.balanceOf[_to] += _amount
    log Transfer(sender=_from, receiver=_to, amount=_amount)
    return True

@external
def transfer(_to: address, _amount: uint256) -> bool:
    return self._move(msg.sender, _to, _amount)

@external
def transferFrom(_from: address, _to: address, _amount: uint256) -> bool:
    if self.allowance[_from][msg.sender] < _amount or not self._move(_from, _to, _amount):
        return False
    self.allowance[_from][msg.sender] -= _amount
    return True

@external
def approve(_spender: address, _amount: uint256) -> bool:
    self.allowance[msg.sender][_spender] = _amount
    log Approval(owner=msg.sender, spender=_spender, amount=_amount)
    return True

@external
def mint(_to: address, _amount: uint256):
    assert msg.sender == self.owner, "not owner"
    self.totalSupply += _amount
    self.balanceOf[_to] += _amount
    log Transfer(sender=empty(address), receiver=_to, amount=_amount)

@external
def setRefused(_who: address, _on: bool):
    assert msg.sender == self.owner, "not owner"
    self.refused[_who] = _on
