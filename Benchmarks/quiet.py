"""Measuring while nobody else uses the processors."""

import os
import pathlib
import resource
import time

# A turn is repeated, so often at most, where other processes took more than this share of the processors.
TRIES, DISTURBED, QUIET_SECONDS = 6, 0.04, 30


def processor_seconds(running=()):
    """What all processes together have used, and what those that this one waited for have, and those that are running
    and named by their numbers; None where nothing tells."""
    try:
        user, nice, system, _, _, interrupts, soft, stolen = map(
            int, pathlib.Path("/proc/stat").read_text().split(maxsplit=9)[1:9])
    except (OSError, ValueError):
        return None
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    for process in running:
        times = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[11:15]
        used += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK"), used


def turn(function, running=()):
    """The seconds that a function gives, and the share of the processors that others took meanwhile."""
    before, start = processor_seconds(running), time.perf_counter()
    seconds = function()
    after, elapsed = processor_seconds(running), time.perf_counter() - start
    if before is None or after is None:
        return 0, seconds
    (all_before, own_before), (all_after, own_after) = before, after
    others = (all_after - all_before) - (own_after - own_before)
    return max(0, others / elapsed / os.cpu_count()), seconds


def wait_for_quiet():
    """Until others take little, but not for ever."""
    for _ in range(QUIET_SECONDS):
        if turn(lambda: time.sleep(1))[0] < DISTURBED:
            return


def undisturbed(function, tries=TRIES, running=()):
    """The first turn in which others took little; the least disturbed of several where there is none. Processes that are
    `running` are not others."""
    turns = []
    for _ in range(tries):
        wait_for_quiet()
        turns.append(turn(function, running))
        if turns[-1][0] < DISTURBED:
            break
    return min(turns, key=lambda turn: turn[0])
