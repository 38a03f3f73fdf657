"""Sends entries to a journald's native socket: send.py NAMESPACE COUNT LABEL. Some are long enough to be packed, some hold bytes that are no text, some a field twice."""
import socket
import struct
import sys

namespace, count, label = sys.argv[1], int(sys.argv[2]), sys.argv[3]
journald = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
journald.connect(f"/run/systemd/journal.{namespace}/socket")
for i in range(count):
    long = " and on" * 200 if i % 7 == 0 else ""
    entry = f"MESSAGE={label} {i}{long}\nPRIORITY=6\nSYSLOG_IDENTIFIER=app\n".encode()
    if i % 5 == 0:
        value = b"two\nlines \xff\x00" + bytes([i % 256])
        entry += b"BLOB\n" + struct.pack("<Q", len(value)) + value + b"\n"
    if i % 3 == 0:
        entry += b"TWICE=a\nTWICE=b%d\n" % i
    if i % 11 == 0:
        entry += b"EMPTY=\n"
    journald.send(entry)
