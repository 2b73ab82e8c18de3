#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Downloads over loopback from the Hub of the tests: ours against curl, in turns, in one run.

    tests/bench/bench-download.py build/tests/hub/fetch-model [--folder /dev/shm] [--rounds 5]

See README.md beside this file."""
import argparse
import hashlib
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'hub'))
from server import Server  # noqa: E402

MODEL, FILE = 'org/noise', 'noise.bin'
LIMIT = 40_000_000  # bytes a second of a connection: what a content network gives one
LIMITED_BYTES = 160 << 20  # enough for one such connection


class Taken:
    """Seconds of the clock and of the cores that a block and its children took."""

    def __enter__(self):
        self.cpu, self.start = self.read_cpu(), time.perf_counter()
        return self

    def __exit__(self, *_):
        self.seconds = time.perf_counter() - self.start
        self.cpu = self.read_cpu() - self.cpu

    @staticmethod
    def read_cpu():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime


class Bench:
    def __init__(self, server, driver, folder):
        self.server, self.driver, self.folder = server, driver, folder
        repository = server.protocol.repositories[MODEL]
        self.content = repository.commits[repository.commit_of('main')][FILE].content
        self.url = f'{server.urls["hub"]}/{MODEL}/resolve/main/{FILE}'

    def measure(self, run):
        scratch = tempfile.mkdtemp(dir=self.folder)
        try:
            with Taken() as taken:
                run(pathlib.Path(scratch))
        finally:
            shutil.rmtree(scratch)
        return taken

    def fetch(self, home, *options):
        env = {key: value for key, value in os.environ.items() if not key.startswith('HF_')}
        subprocess.run([self.driver, *options, MODEL, FILE], check=True, capture_output=True,
                       env={**env, 'HF_ENDPOINT': self.server.urls['hub'], 'HF_HOME': str(home)})

    def fetch_by_one(self, home):
        self.fetch(home, '--connections', '1')

    def curl(self, home, *options):
        subprocess.run(['curl', '-sSfL', *options, '-o', str(home / 'file'), self.url], check=True)

    def curl_checked(self, home):
        """What comes to the same as ours: the hash too, taken while the bytes arrive."""
        done = subprocess.run(f"curl -sSfL '{self.url}' | tee '{home}/file' | sha256sum", shell=True,
                              check=True, capture_output=True, text=True)
        if done.stdout.split()[0] != self.content.sha256:
            raise ValueError('curl fetched other bytes')

    def curl_some(self, home):
        self.curl(home, '-r', f'0-{LIMITED_BYTES - 1}')


def measure_hash():
    """Seconds of one core for as many bytes, from memory."""
    data = bytes(64 << 20)
    hashlib.sha256(data)
    start = time.perf_counter()
    hashlib.sha256(data)
    return (time.perf_counter() - start) / len(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('driver')
    parser.add_argument('--folder', default='/dev/shm')
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    with Server() as server:
        bench = Bench(server, options.driver, options.folder)
        size = bench.content.size
        rows = {'ours, 8 connections': bench.fetch, 'ours, 1 connection': bench.fetch_by_one,
                'curl': bench.curl, 'curl, tee, sha256sum': bench.curl_checked}
        times = {name: [] for name in rows}
        bench.measure(bench.curl)  # the server hashes at the first request
        for _ in range(options.rounds):
            for name, run in rows.items():
                times[name].append(bench.measure(run))
        print(f'{size / 1e9:.2f} GB into {options.folder}, {os.cpu_count()} cores, load '
              f'{os.getloadavg()[0]:.1f}; SHA-256: {1e-9 / measure_hash():.2f} GB/s\n')
        print('| | best GB/s | median GB/s | CPU seconds for 1 GB |\n|---|---|---|---|')
        for name, taken in times.items():
            seconds = sorted(each.seconds for each in taken)
            cpu = min(each.cpu for each in taken)
            print(f'| {name} | {size / seconds[0] / 1e9:.2f} | '
                  f'{size / seconds[len(seconds) // 2] / 1e9:.2f} | {cpu / size * 1e9:.2f} |')
        server.set(cdn_rate=LIMIT)
        one = LIMITED_BYTES / min(bench.measure(bench.curl_some).seconds for _ in range(2))
        ours = size / min(bench.measure(bench.fetch).seconds for _ in range(options.rounds))
        print(f'\nWith {LIMIT / 1e6:.0f} MB/s for each connection: curl {one / 1e6:.1f} MB/s, '
              f'ours {ours / 1e6:.1f} MB/s, {ours / one:.1f} times as fast')


if __name__ == '__main__':
    main()
