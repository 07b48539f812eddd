#!/usr/bin/env python3
"""Runs tools/devchain/evm_devchain.py with the given arguments, and ends when standard input closes.

So the chain of a test ends with the test, also when the test process is killed.
"""
import os
import sys
import threading


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "tools", "devchain"))
threading.Thread(target=end_with_parent, daemon=True).start()

import evm_devchain  # noqa: E402  (the path is set above)

evm_devchain.main()
