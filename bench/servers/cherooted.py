"""Cheroot has no command for eight threads on a given port."""

import signal
import sys

from cheroot.wsgi import Server

from bench.servers.app import app

server = Server(("127.0.0.1", int(sys.argv[1])), app, numthreads=8)
signal.signal(signal.SIGTERM, lambda *_: server.stop())
server.safe_start()
