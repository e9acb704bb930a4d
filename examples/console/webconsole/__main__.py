"""``python -m webconsole``: the console of the demo on this machine, with the first secrets of its log-ins."""

from __future__ import annotations

import argparse

import uvicorn

from callcenter.store import MemoryStore
from webconsole.app import create_app
from webconsole.house import live


def main() -> None:
    """Live the morning, print the first secrets once, and serve on loopback."""
    parser = argparse.ArgumentParser(prog="webconsole")
    parser.add_argument("--port", type=int, default=8410)
    args = parser.parse_args()
    house = live(MemoryStore())
    print(f"http://127.0.0.1:{args.port}/")
    for name, secret in house.secrets.items():
        print(f"  {name:<12} {secret}")
    house.secrets.clear()
    # Filters with numbers of callers stand in addresses, and addresses are no matter for a log.
    uvicorn.run(create_app(house), host="127.0.0.1", port=args.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
