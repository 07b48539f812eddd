# pragma version ^0.4.0
"""A token of the oldest kind: transfer, transferFrom and approve answer nothing. No freeze list."""
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
def _move(_from: address, _to: address, _amount: uint256):
    assert _to != empty(address), "zero recipient"
    assert self.balanceOf[_from] >= _amount, "insufficient balance"
    self.balanceOf[_from] -= _amount
    self.balanceOf[_to] += _amount
    log Transfer(sender=_from, receiver=_to, amount=_amount)

@external
def transfer(_to: address, _amount: uint256):
    self._move(msg.sender, _to, _amount)

@external
def transferFrom(_from: address, _to: address, _amount: uint256):
    assert self.allowance[_from][msg.sender] >= _amount, "insufficient allowance"
    self.allowance[_from][msg.sender] -= _amount
    self._move(_from, _to, _amount)

@external
def approve(_spender: address, _amount: uint256):
    self.allowance[msg.sender][_spender] = _amount
    log Approval(owner=msg.sender, spender=_spender, amount=_amount)

@external
def mint(_to: address, _amount: uint256):
    assert msg.sender == self.owner, "not owner"
    self.totalSupply += _amount
    self.balanceOf[_to] += _amount
    log Transfer(sender=empty(address), receiver=_to, amount=_amount)
