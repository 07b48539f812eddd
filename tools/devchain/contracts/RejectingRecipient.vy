# pragma version ^0.4.0
"""A contract that is paid native coin and misbehaves. mode 0: accepts; 1: reverts; 2: burns all gas it was given;
3: reverts with `data` as its answer; 4: calls `target` with `data` and `value` on receipt, whatever comes of it;
5: the same, and reverts when that call fails; 6: writes to storage, as a logging wallet would."""
mode: public(uint256)
target: public(address)
data: public(Bytes[1024])
value: public(uint256)
entered: public(uint256)

@deploy
@payable
def __init__(_mode: uint256):
    self.mode = _mode

@external
def setMode(_mode: uint256):
    self.mode = _mode

@external
def setCall(_target: address, _data: Bytes[1024], _value: uint256):
    self.target = _target
    self.data = _data
    self.value = _value

@external
@payable
def __default__():
    mode: uint256 = self.mode
    if mode == 1:
        raise "not wanted"
    elif mode == 2:
        raise UNREACHABLE
    elif mode == 3:
        raw_revert(self.data)
    elif mode == 4 or mode == 5:
        done: bool = raw_call(self.target, self.data, value=self.value, revert_on_failure=False)
        assert done or mode == 4, "the call failed"
    elif mode == 6:
        self.entered += 1
