"""A service small enough to start at once, which shows what it was given and fails when told."""

import argparse
import http.server
import json
import os
import sys


def service_name():
    keys = [key for key in os.environ if key.endswith("_SIGNING_KEY")]
    return keys[0].removeprefix("CLEANCLAIM_").removesuffix("_SIGNING_KEY").lower()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        told = {"/healthz/ready": {"status": "ok"}, "/environment": dict(os.environ)}
        self.send_response(200 if self.path in told else 404)
        self.end_headers()
        self.wfile.write(json.dumps(told.get(self.path)).encode())

    def log_message(self, *_arguments):
        """Say nothing."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["migrate", "api", "worker"])
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    name = f"{service_name()}:{arguments.role}"
    print(f"{name} begins", flush=True)
    if name in os.environ.get("TOY_FAILS", "").split(","):
        sys.exit(f"{name} was told to fail")
    if arguments.role != "migrate":
        with http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Answer) as server:
            server.serve_forever()


main()
