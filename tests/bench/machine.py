# SPDX-License-Identifier: MIT
"""The machine: what it is, what else it does, how fast it multiplies and reads."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import threading
import time

READ_BYTES = 8 << 20
TICKS = os.sysconf('SC_CLK_TCK')


def count_cores():
    return len(os.sched_getaffinity(0))


def read_first(path, pattern):
    found = re.search(pattern, pathlib.Path(path).read_text(encoding='utf-8'), re.M)
    return found[1].strip() if found else 'unknown'


def describe_processor():
    return read_first('/proc/cpuinfo', r'^model name\s*:(.*)$')


def get_memory_bytes():
    return int(read_first('/proc/meminfo', r'^MemTotal:\s*(\d+)')) * 1024


def read_busy_seconds():
    """Of all cores together, whoever used them; what the host took away counts too."""
    words = pathlib.Path('/proc/stat').read_text(encoding='ascii').split(maxsplit=9)
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, words[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


class Others:
    """What all other programs took of the cores while a block ran."""

    def __enter__(self):
        self.busy, self.start = read_busy_seconds(), time.perf_counter()
        return self

    def __exit__(self, *_):
        self.busy = read_busy_seconds() - self.busy
        self.seconds = time.perf_counter() - self.start

    def get_cpu_seconds(self, own_cpu_seconds):
        return max(self.busy - own_cpu_seconds, 0)

    def get_capacity(self):
        return self.seconds * os.cpu_count()


def reset_peak():
    """The peak memory of this process, with which that of a child begins, is from here on what it
    has now."""
    with contextlib.suppress(OSError):  # some containers forbid it
        pathlib.Path('/proc/self/clear_refs').write_text('5', encoding='ascii')


def measure_peak(build, threads, msec):
    """GF/s of dgemm and sgemm, with the kernels that ours uses, on all threads."""
    program = build / 'tests' / 'bench' / 'bench-peak'
    output = subprocess.run([program, str(threads), str(msec)], check=True,
                            stdout=subprocess.PIPE).stdout
    return json.loads(output)


def drop_from_cache(path):
    with open(path, 'rb') as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_part(path, start, stop):
    buffer = bytearray(READ_BYTES)
    with open(path, 'rb', buffering=0) as file:
        file.seek(start)
        while start < stop:
            n_read = file.readinto(buffer)
            if not n_read:
                return
            start += n_read


def measure_read(path, threads):
    """Bytes a second of the whole file, every thread a part of its own."""
    size = os.path.getsize(path)
    bounds = [size * i // threads for i in range(threads + 1)]
    readers = [threading.Thread(target=read_part, args=(path, *part))
               for part in zip(bounds, bounds[1:])]
    start = time.perf_counter()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return size / (time.perf_counter() - start)
