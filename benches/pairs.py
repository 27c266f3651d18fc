#!/usr/bin/env python3
"""Runs two commands in turn and prints how long each took and what it held, and the ratio pair by pair.

    benches/pairs.py [-n PAIRS] 'COMMAND' 'PEER'

Machines drift: a ratio of two runs that follow each other says more than either time. Medians of all pairs; one pair before
them is not counted. The output of both goes to /dev/null; a command that ends with another status than 0 is marked with it.
"""
import argparse
import os
import shlex
import statistics
import sys
import time


def run(command):
    """Seconds of wall time, seconds of CPU, the highest resident memory in KiB, and the exit status."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.execvp(command[0], command)
    _, status, used = os.wait4(child, 0)
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=7, help="how many pairs")
    parser.add_argument("command")
    parser.add_argument("peer")
    args = parser.parse_args()
    both = [shlex.split(args.command), shlex.split(args.peer)]
    pairs = [[run(command) for command in both] for _ in range(args.n + 1)][1:]
    for of, command in enumerate(both):
        wall, cpu, memory = (statistics.median(pair[of][figure] for pair in pairs) for figure in range(3))
        statuses = sorted({pair[of][3] for pair in pairs} - {0})
        ended = f"  (exit status {', '.join(map(str, statuses))})" if statuses else ""
        print(f"{wall * 1000:9.1f} ms  {cpu * 1000:9.1f} ms of CPU  {memory / 1024:7.1f} MB  {shlex.join(command)[:100]}{ended}")
    ratios = sorted(a[0] / b[0] for a, b in pairs)
    print(f"{statistics.median(ratios):9.2f} x the time of the peer ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    sys.exit(main())
