# pragma version ^0.4.2
"""A token that can be told to be odd in one way at a time; everyone may tell it. For tests of contracts that call tokens.

Anyone's allowance is unlimited. A transfer to `oddTo` (empty: every one) answers `answer` instead of true.
`trick` 1: moves nothing; 2: takes `extra` more from the sender than the receiver gets; 3: burns all gas;
4: calls `target` with `data` after moving; 5: as 4, and reverts when that call fails; 6: reverts with `answer`."""
balances: HashMap[address, uint256]
oddTo: public(address)
odd: public(bool)
answer: public(Bytes[96])
oddBalance: public(bool)
trick: public(uint256)
extra: public(uint256)
target: public(address)
data: public(Bytes[1024])
succeeded: public(bool)

@external
def mint(_to: address, _amount: uint256):
    self.balances[_to] += _amount

@external
def setOdd(_odd: bool, _to: address, _answer: Bytes[96], _trick: uint256, _extra: uint256):
    self.odd = _odd
    self.oddTo = _to
    self.answer = _answer
    self.trick = _trick
    self.extra = _extra

@external
def setOddBalance(_odd: bool, _answer: Bytes[96]):
    self.oddBalance = _odd
    self.answer = _answer

@external
def setCall(_target: address, _data: Bytes[1024]):
    self.target = _target
    self.data = _data

@external
@view
def held(_who: address) -> uint256:
    return self.balances[_who]

@external
@view
@raw_return
def balanceOf(_who: address) -> Bytes[96]:
    if self.oddBalance:
        return self.answer
    return abi_encode(self.balances[_who])

@internal
def _move(_from: address, _to: address, _amount: uint256) -> Bytes[96]:
    if not self.odd or (self.oddTo != empty(address) and self.oddTo != _to):
        self.balances[_from] -= _amount
        self.balances[_to] += _amount
        return abi_encode(True)
    trick: uint256 = self.trick
    if trick == 3:
        raise UNREACHABLE
    if trick == 6:
        raw_revert(self.answer)
    if trick != 1:
        self.balances[_from] -= _amount
        self.balances[_to] += _amount
    if trick == 2:
        self.balances[_from] -= self.extra
    if trick == 4 or trick == 5:
        self.succeeded = raw_call(self.target, self.data, revert_on_failure=False)
        assert self.succeeded or trick == 4, "the call failed"
    return self.answer

@external
@raw_return
def transfer(_to: address, _amount: uint256) -> Bytes[96]:
    return self._move(msg.sender, _to, _amount)

@external
@raw_return
def transferFrom(_from: address, _to: address, _amount: uint256) -> Bytes[96]:
    return self._move(_from, _to, _amount)
