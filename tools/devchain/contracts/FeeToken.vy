# pragma version ^0.4.0
"""A token that keeps a fee of every transfer (basis points, to the owner): the receiver gets less than was sent."""
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
feeBasisPoints: public(uint256)

@deploy
def __init__(_name: String[32], _symbol: String[8], _decimals: uint8, _supply: uint256, _fee: uint256):
    self.name = _name
    self.symbol = _symbol
    self.decimals = _decimals
    self.owner = msg.sender
    self.totalSupply = _supply
    self.balanceOf[msg.sender] = _supply
    self.feeBasisPoints = _fee
    log Transfer(sender=empty(address), receiver=msg.sender, amount=_supply)

@internal
def _move(_from: address, _to: address, _amount: uint256):
    assert _to != empty(address), "zero recipient"
    assert self.balanceOf[_from] >= _amount, "insufficient balance"
    fee: uint256 = _amount * self.feeBasisPoints // 10_000
    self.balanceOf[_from] -= _amount
    self.balanceOf[_to] += _amount - fee
    self.balanceOf[self.owner] += fee
    log Transfer(sender=_from, receiver=_to, amount=_amount - fee)
    if fee > 0:
        log Transfer(sender=_from, receiver=self.owner, amount=fee)

@external
def transfer(_to: address, _amount: uint256) -> bool:
    self._move(msg.sender, _to, _amount)
    return True

@external
def transferFrom(_from: address, _to: address, _amount: uint256) -> bool:
    assert self.allowance[_from][msg.sender] >= _amount, "insufficient allowance"
    self.allowance[_from][msg.sender] -= _amount
    self._move(_from, _to, _amount)
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
def setFee(_fee: uint256):
    assert msg.sender == self.owner and _fee <= 10_000, "not owner or too high"
    self.feeBasisPoints = _fee
