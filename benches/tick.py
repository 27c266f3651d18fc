#!/usr/bin/env python3
"""What a tick of the screen costs: CPU time of 'emqstat watch' on a terminal of 160 by 50, against a simulated deployment.

    cargo build --release && benches/tick.py [RULES]

RULES is 10,000 if it is not given. Linux.
"""
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios

EMQSTAT = os.environ.get("EMQSTAT", "target/release/emqstat")
TICKS = (5, 45)


def cpu_seconds(arguments, environment):
    """User and system time of a run on a terminal of its own."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(EMQSTAT, [EMQSTAT, *arguments], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # Nobody holds the other side any more.
    _, status, used = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"'emqstat {' '.join(arguments)}' ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def main():
    rules = sys.argv[1] if len(sys.argv) > 1 else "10000"
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "TERM": "xterm-256color", "EMQSTAT_APP_ID": "app", "EMQSTAT_APP_SECRET": "secret"}
    simulate = [EMQSTAT, "simulate", "--port", "0", "--rules", rules, "-o", "json"]
    server = subprocess.Popen(simulate, env=environment, stdout=subprocess.PIPE)
    try:
        endpoint = json.loads(server.stdout.readline())["endpoint"]
        for view in ([], ["rules"]):
            watch = ["watch", *view, "--endpoint", endpoint, "--interval", "200ms", "--count"]
            few, many = (cpu_seconds([*watch, str(ticks)], environment) for ticks in TICKS)
            cost = (many - few) / (TICKS[1] - TICKS[0])
            print(f"{cost * 1000:6.1f} ms a tick, {rules} rules: emqstat {' '.join(watch[:1] + view)}")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
