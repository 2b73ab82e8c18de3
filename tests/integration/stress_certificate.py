#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the certificate of the Gram route ever vouches for a wrong rank.

usage: stress_certificate.py BENCH_SPECTRA ... [--count N] [--seed N]

Makes N matrices whose singular values crowd around the thresholds of ranks and around what a Gram
matrix resolves, and lets each program take their spectra. Where the Gram route was vouched for, its
ranks must be those of NumPy in float64, singular values within 1e-5 of themselves above 1e-6 of the
largest and within 1e-9 above 1e-3. Prints the worst error of an eigenvalue, which tells how far the
constant of the certificate is from being reached."""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from check_spectra import EPS32, make_crowd, store

BATCH = 25  # matrices for one start of a program
EPS = 2.0**-52
# Thresholds closer than this to a value are decided by the rounding of the reference.
UNDECIDED = 1e-14


def make_top(random, n, trial):
    """What the Gram matrix gets its norm from: flat, uniform, falling, or one value."""
    kind = trial % 4
    if kind == 0:
        return np.ones(n)
    if kind == 1:
        return np.r_[1, random.uniform(.3, 1, n - 1)]
    if kind == 2:
        return np.arange(1, n + 1)**-random.uniform(.3, 1.5)
    return np.r_[1, 10.0**random.uniform(-3, -1, n - 1)]


def make_around(random, p, threshold, sides, trial):
    """Up to nine tenths of the values around @threshold, yet mostly not so near that the certificate
    must refuse: it takes an eigenvalue for certain 32 sqrt(p) eps away."""
    n = int(p * random.uniform(.1, .9))
    gap = random.choice([.5, 1.01, 1.1, 1.5, 2, 4]) * 32 * math.sqrt(p) * EPS
    distance = gap + 10.0**random.uniform(-17, math.log10(threshold**2 / 2), p - n)
    share = threshold**2 + random.choice(sides, p - n) * distance
    return np.r_[make_top(random, n, trial), np.sqrt(np.maximum(share, 0))]


def make_spectrum(random, n_rows, n_cols, trial):
    """Of values between 1e-6 and what a Gram matrix resolves to 1e-5, some 1e-5, none is vouched
    for: the crowd around 1e-6 is below it."""
    p, q = min(n_rows, n_cols), max(n_rows, n_cols)
    kind, trial = trial % 4, trial // 4
    if kind == 0:
        return make_crowd(random, p, trial)
    if kind == 1:
        return make_around(random, p, 1e-6, [-1], trial)
    if kind == 2:
        return make_around(random, p, q * EPS32, [-1, 1], trial)
    return np.r_[1, 10.0**random.uniform(random.uniform(-7, -4), 0, p - 1)]


def make_matrix(random, trial):
    """(dtype, stored, exact)"""
    n_rows, n_cols = random.integers(130, 300, 2)
    sigma = np.sort(make_spectrum(random, n_rows, n_cols, trial))[::-1]
    left = np.linalg.qr(random.standard_normal((n_rows, len(sigma))))[0]
    right = np.linalg.qr(random.standard_normal((n_cols, len(sigma))))[0]
    # rounding to BF16 buries all that is below 1e-4: then its own noise is the crowd
    dtype = 'BF16' if trial % 16 == 15 else 'F32'
    return (dtype, *store((left * sigma) @ right.T, dtype))


def get_thresholds(stored, exact, dtype, largest):
    """Rank -> threshold, in units of the largest value."""
    bits = {'F32': 23, 'BF16': 7}[dtype]
    ulp = 2.0**(np.floor(np.log2(np.abs(exact[exact != 0]))) - bits)
    noise = math.sqrt((ulp**2).sum() / exact.size / 12) * sum(map(math.sqrt, exact.shape))
    return {'rank': max(exact.shape) * EPS32, 'actual_rank': 1e-6, 'rank_storage': noise / largest}


class Tally:
    """What one program did."""

    def __init__(self, program):
        self.program = program
        self.n_matrices = self.n_direct = self.n_ranks = 0
        self.worst = 0.0
        self.faults = []

    def run(self, folder, matrices):
        arguments = []
        for i, (dtype, stored, _) in enumerate(matrices):
            stored.tofile(folder / f'{i}')
            arguments += [dtype, f'{stored.shape[0]}x{stored.shape[1]}', folder / f'{i}']
        lines = subprocess.run([self.program, '--values', folder, *arguments], check=True,
                               stdout=subprocess.PIPE).stdout.splitlines()
        found = {line['index']: line for line in map(json.loads, lines[:len(matrices)])}
        return [(found[i], np.fromfile(folder / f'{i}.sigma')) for i in range(len(matrices))]

    def check(self, case, matrix, expected, found, sigma):
        dtype, stored, exact = matrix
        self.n_matrices += 1
        if found['method'] != 'gram64':
            self.n_direct += 1
            return
        share = expected / expected[0]
        for rank, threshold in get_thresholds(stored, exact, dtype, expected[0]).items():
            if not math.isnan(found[rank]) and (np.abs(share - threshold) > UNDECIDED).all():
                self.n_ranks += 1
                if found[rank] != (share > threshold).sum():
                    self.faults.append(
                        f'{case}: {rank} {found[rank]} instead of {(share > threshold).sum()}')
        error = np.abs(sigma - expected) / expected[0]
        for floor, tolerance in ((1e-3, 1e-9), (1e-6, 1e-5)):
            worst = (error / share)[share > floor].max()
            if worst > tolerance:
                self.faults.append(f'{case}: error {worst:.1e} above {floor} σ₁')
        # of small ones: near σ₁ the reference errs as much
        error = np.abs((sigma / expected[0])**2 - share**2)[share < .01]
        self.worst = max(self.worst, error.max(initial=0) / (math.sqrt(len(share)) * EPS))

    def print(self):
        for fault in self.faults:
            print(f'FAULT {self.program.name}: {fault}')
        print(f'{self.program.name}: {self.n_matrices} matrices, {self.n_direct} taken directly, '
              f'{self.n_ranks} certified ranks, worst error of an eigenvalue '
              f'{self.worst:.2f} √p ε λ₁, {len(self.faults)} faults', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('programs', type=pathlib.Path, nargs='+')
    parser.add_argument('--count', type=int, default=2000)
    parser.add_argument('--seed', type=int, default=20240601)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    tallies = [Tally(program) for program in arguments.programs]
    with tempfile.TemporaryDirectory() as name:
        for start in range(0, arguments.count, BATCH):
            matrices = [make_matrix(random, trial)
                        for trial in range(start, min(start + BATCH, arguments.count))]
            expected = [np.linalg.svd(exact, compute_uv=False) for _, _, exact in matrices]
            for tally in tallies:
                for i, results in enumerate(tally.run(pathlib.Path(name), matrices)):
                    case = f'matrix {start + i} {matrices[i][2].shape} {matrices[i][0]}'
                    tally.check(case, matrices[i], expected[i], *results)
    for tally in tallies:
        tally.print()
    return 1 if any(tally.faults for tally in tallies) else 0


if __name__ == '__main__':
    sys.exit(main())
