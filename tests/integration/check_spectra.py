#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Spectra and statistics of matrices never seen before, against NumPy in float64.

usage: check_spectra.py BENCH_SPECTRA [--full] [--seed N] [--workers N]

Ranks and energy ranks must be equal; singular values within 1e-9 of themselves above 1e-3 of the
largest and within 1e-5 above 1e-6 of it; mean, variance, skewness, kurtosis within 1e-12 of exact
sums; quantiles, extremes and counts exactly equal. --full takes shapes of real layers, which is
minutes."""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

EPS32 = 2.0**-23
ENERGIES = (('50', .5), ('90', .9), ('95', .95), ('99', .99))
QUANTILES = (('q001', .001), ('q01', .01), ('q50', .5), ('q99', .99), ('q999', .999))


def to_bf16(values):
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7fff + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def e4m3_table():
    """The value of every byte: 1 sign, 4 exponent (bias 7), 3 mantissa bits; s.1111.111 is NaN."""
    table = []
    for byte in range(256):
        exponent, mantissa = byte >> 3 & 15, byte & 7
        value = (mantissa / 8 * 2.0**-6 if exponent == 0
                 else (1 + mantissa / 8) * 2.0**(exponent - 7))
        if exponent == 15 and mantissa == 7:
            value = math.nan
        table.append(-value if byte & 128 else value)
    return np.array(table)


def store(values, dtype):
    """The stored array, and what it holds in float64."""
    if dtype == 'BF16':
        stored = to_bf16(values)
        return stored, (stored.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    if dtype == 'F8_E4M3':
        table = e4m3_table()
        order = np.argsort(table[:127])
        stored = order[np.searchsorted(table[:127][order], np.minimum(np.abs(values), 448))]
        stored = (stored | (values < 0) * 128).astype(np.uint8)
        return stored, table[stored]
    stored = values.astype({'F16': np.float16, 'F32': np.float32, 'F64': np.float64}[dtype])
    return stored, stored.astype(np.float64)


def make_cases(random, full):
    """(name, dtype, values)"""
    normal = random.standard_normal

    def with_spectrum(n_rows, n_cols, sigma):
        p = len(sigma)
        left = np.linalg.qr(normal((n_rows, p)))[0]
        return (left * sigma) @ np.linalg.qr(normal((n_cols, p)))[0].T

    large = (4096, 2560) if full else (1024, 640)
    for dtype in ('BF16', 'F16', 'F32', 'F64', 'F8_E4M3'):
        scale = 1.0 if dtype == 'F8_E4M3' else 0.02
        yield 'wide', dtype, normal((768, 3072) if full else (384, 1536)) * scale
        yield 'tall', dtype, normal((1200, 300)) * scale
    yield 'large', 'BF16', normal(large) * 0.02
    yield 'square', 'BF16', normal((700, 700)) * 0.02
    yield 'one row', 'F32', normal((1, 512))
    yield 'one column', 'F32', normal((512, 1))
    yield 'tiny', 'F16', normal((3, 5))
    yield 'far mean', 'F32', 1000 + 0.01 * normal((300, 400))
    yield 'ones', 'BF16', np.ones((300, 200))
    for dtype in ('F32', 'BF16', 'F64'):
        yield 'low rank', dtype, normal((512, 64)) @ normal((64, 400))
        yield 'power law', dtype, with_spectrum(600, 400, np.arange(1, 401.0)**-1)
        yield 'condition 1e8', dtype, with_spectrum(500, 300, np.logspace(0, -8, 300))
        yield 'condition 1e5', dtype, with_spectrum(500, 300, np.logspace(0, -5, 300))
        yield 'flat and crowded', dtype, with_spectrum(
            500, 300, np.sort(np.r_[np.ones(150), 10.0**random.uniform(-7, -3, 150)])[::-1])
    yield 'steep power law', 'F32', with_spectrum(700, 500, np.arange(1, 501.0)**-2)
    yield 'integers of rank 20', 'F32', (random.integers(-5, 6, (300, 20))
                                         @ random.integers(-5, 6, (20, 400))).astype(float)
    for trial in range(10):
        n_rows, n_cols = random.integers(130, 500, 2)
        yield f'log-uniform {trial}', 'F32', with_spectrum(
            n_rows, n_cols, np.sort(10.0**random.uniform(-6.5, 0, min(n_rows, n_cols)))[::-1])
    for trial in range(30):
        n_rows, n_cols = random.integers(130, 420, 2)
        yield f'crowded {trial}', 'F32', with_spectrum(
            n_rows, n_cols, make_crowd(random, min(n_rows, n_cols), trial))


def make_crowd(random, p, trial):
    """Half of the values at or near 1, the rest just above what a Gram matrix resolves."""
    top = np.ones(p // 2) if trial % 2 else random.uniform(0.5, 1, p // 2)
    resolved = math.sqrt((1 + 0.75 * math.sqrt(p / 2)) * 2.0**-52 / 2e-5)
    rest = resolved * 10.0**random.uniform(0.01, 0.3 if trial % 3 else 2, p - p // 2)
    return np.sort(np.r_[top, rest])[::-1]


class Checker:
    def __init__(self, program, folder, n_workers):
        self.program, self.folder, self.n_workers = program, folder, n_workers
        self.n_checks, self.faults = 0, []

    def expect(self, case, what, is_true, text):
        self.n_checks += 1
        if not is_true:
            self.faults.append(f'{case}: {what}: {text}')

    def expect_close(self, case, what, value, expected, tolerance):
        self.expect(case, what, abs(value - expected) <= tolerance,
                    f'{value!r} instead of {expected!r}')

    def run(self, dtype, stored):
        path = self.folder / 'matrix'
        stored.tofile(path)
        n_rows, n_cols = stored.shape
        output = subprocess.run(
            [self.program, '--workers', str(self.n_workers), '--values', self.folder, dtype,
             f'{n_rows}x{n_cols}', path],
            check=True, stdout=subprocess.PIPE).stdout
        return json.loads(output.splitlines()[0]), np.fromfile(self.folder / '0.sigma')

    def check(self, name, dtype, values):
        stored, exact = store(values, dtype)
        case = f'{name} {stored.shape[0]}×{stored.shape[1]} {dtype}'
        found, sigma = self.run(dtype, stored)
        self.check_statistics(case, found, exact)
        self.check_spectrum(case, found, sigma, exact, dtype)
        print(f'{case}: {found["method"]}, {found["seconds"]:.2f} s', flush=True)

    def check_statistics(self, case, found, exact):
        flat = exact.ravel()
        n = flat.size
        mean = math.fsum(flat) / n
        # the distances are rounded, their mean is taken off again: far below 1e-12
        distance = flat - mean
        distance = distance - math.fsum(distance) / n
        m2, m3, m4 = (math.fsum(distance**k) / n for k in (2, 3, 4))
        spread = math.sqrt(m2)
        # a mean near 0 is the rest of large sums: its error is measured in units of the spread
        self.expect_close(case, 'mean', found['mean'], mean, 1e-12 * abs(mean) + 1e-16 * spread)
        self.expect_close(case, 'var', found['var'], m2, 1e-12 * m2)
        if m2 > 0:
            self.expect_close(case, 'skew', found['skew'], m3 / m2**1.5, 1e-12)
            self.expect_close(case, 'kurtosis', found['kurtosis'], m4 / m2**2 - 3,
                              1e-12 * (m4 / m2**2))
        else:
            self.expect(case, 'skew', math.isnan(found['skew']), found['skew'])
        self.expect_close(case, 'fro', found['fro'], math.sqrt(math.fsum(flat**2)),
                          1e-13 * found['fro'])
        for what, expected in (('min', flat.min()), ('max', flat.max()),
                               ('absmax', np.abs(flat).max()), ('count', n),
                               ('zero_fraction', (flat == 0).sum() / n),
                               ('sparsity', (np.abs(flat) <= 1e-8).sum() / n)):
            self.expect(case, what, found[what] == expected, f'{found[what]} not {expected}')
        for what, probability in QUANTILES:
            expected = np.quantile(flat, probability)
            self.expect_close(case, what, found[what], expected, 1e-15 * abs(expected))

    def check_spectrum(self, case, found, sigma, exact, dtype):
        expected = np.linalg.svd(exact, compute_uv=False)
        n_rows, n_cols = exact.shape
        self.expect(case, 'number of values', len(sigma) == len(expected), len(sigma))
        share = expected / expected[0]
        error = np.abs(sigma - expected) / np.maximum(expected, 1e-300)
        for floor, tolerance in ((1e-3, 1e-9), (1e-6, 1e-5)):
            worst = error[share > floor].max()
            self.expect(case, f'σ above {floor} σ₁', worst <= tolerance, f'error {worst:.1e}')
        # the reference errs too, by some units of the last place of σ₁
        worst = np.abs(sigma - expected).max() / expected[0]
        self.expect(case, 'sigma_err', worst <= 4 * found['sigma_err'] + 1e-14,
                    f'error {worst:.1e}, told {found["sigma_err"]:.1e}')
        self.expect(case, 'fro_check', found['fro_check'] < 1e-10, found['fro_check'])
        epsilon = 2.0**-52 if dtype == 'F64' else EPS32
        for what, tau in (('rank', max(n_rows, n_cols) * epsilon), ('actual_rank', 1e-6)):
            # a value that float64 itself cannot place on one side of the threshold is left out
            if (np.abs(share - tau) > 1e-14).all():
                self.expect(case, what, found[what] == (share > tau).sum(),
                            f'{found[what]} not {(share > tau).sum()}')
        energy = np.cumsum(expected**2)
        for label, fraction in ENERGIES:
            rank = int(np.searchsorted(energy, fraction * energy[-1] * (1 - 1e-12)) + 1)
            self.expect(case, f'rank_energy_{label}', found[f'rank_energy_{label}'] == rank,
                        f'{found[f"rank_energy_{label}"]} not {rank}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('program', type=pathlib.Path)
    parser.add_argument('--full', action='store_true')
    parser.add_argument('--seed', type=int, default=20240501)
    parser.add_argument('--workers', type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        checker = Checker(arguments.program, pathlib.Path(name), arguments.workers)
        for case in make_cases(np.random.default_rng(arguments.seed), arguments.full):
            checker.check(*case)
    for fault in checker.faults:
        print(f'FAULT {fault}')
    print(f'{checker.n_checks} checks, {len(checker.faults)} faults')
    return 1 if checker.faults else 0


if __name__ == '__main__':
    sys.exit(main())
