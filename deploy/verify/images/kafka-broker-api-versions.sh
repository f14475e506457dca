#!/usr/bin/env python3
"""Asks the broker for its versions, as the official script does, without a second Java process."""

import socket
import struct
import sys

API_VERSIONS_KEY, CORRELATION, CLIENT = 18, 1, b"health"
host, _, port = sys.argv[sys.argv.index("--bootstrap-server") + 1].partition(":")
request = struct.pack(">hhih", API_VERSIONS_KEY, 0, CORRELATION, len(CLIENT)) + CLIENT
with socket.create_connection((host, int(port)), timeout=5) as connection:
    connection.sendall(struct.pack(">i", len(request)) + request)
    reply = connection.recv(10)
# Length, correlation, error code (0: none): the protocol's response header.
sys.exit(len(reply) != 10 or struct.unpack(">iih", reply)[1:] != (CORRELATION, 0))
