"""What processes ask of Linux."""

from __future__ import annotations

import subprocess
import sys

ENDING = """
import socket
from hsgraph import processes

ending = socket.create_server(("127.0.0.1", 0), reuse_port=True)
address = ending.getsockname()
begun = socket.create_connection(address)
processes.accept_no_more()
try:
    socket.create_connection(address, timeout=0.3)
except TimeoutError:
    print("not begun")
accepted = ending.accept()[0]
begun.sendall(b"asked")
print(accepted.recv(5).decode())
late = socket.socket()
late.setblocking(False)
late.connect_ex(address)
with socket.create_server(address, reuse_port=True) as other:
    ending.close()
    other.settimeout(10)
    print(other.accept()[1] == late.getsockname())
"""


def test_a_process_that_ends_takes_what_waits_and_leaves_the_rest_to_others() -> None:
    told = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True)
    assert told.stdout.split("\n")[:3] == ["not begun", "asked", "True"], told.stderr
