#!/usr/bin/env python3
"""Runs a program at a pseudo terminal and types into it: what a person at a keyboard does.

  terminal.py QUESTION=ANSWER ... -- PROGRAM WORD ...

Each answer is typed, with a line end, once its question has been shown after the one before. Everything that the terminal
showed goes to standard output; the exit code is the program's. An answer of ^C is that key.
"""
import os
import pty
import select
import sys
import time

split = sys.argv.index("--")
script = [word.partition("=")[::2] for word in sys.argv[1:split]]
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[split + 1], sys.argv[split + 1:])
shown, seen, end = b"", 0, time.monotonic() + 60
while time.monotonic() < end:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # EIO: the program has let go of the terminal.
            part = b""
        if not part:
            break
        shown += part
    if script:
        at = shown.find(script[0][0].encode(), seen)
        if at >= 0:
            seen = len(shown)
            time.sleep(0.2)  # Until the program has turned its echo off.
            answer = script.pop(0)[1]
            os.write(terminal, b"\x03\n" if answer == "^C" else answer.encode() + b"\n")
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
