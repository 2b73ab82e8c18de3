#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The singular values of one transformer layer, ours against torch.linalg.svdvals, in turns.

usage: bench.py BUILD [--rounds N] [--quick]

The same BF16 matrices, the same two cores. Prints a Markdown table. The interpreter with torch and
numpy is tests/bench/venv, made on first use, or what WEIGHTSCOPE_BENCH_PYTHON names."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
N_CORES = 2
LAYER = [('q', 4096, 2560), ('k', 1024, 2560), ('v', 1024, 2560), ('o', 2560, 4096),
         ('gate', 9728, 2560), ('up', 9728, 2560), ('down', 2560, 9728)]
SMALL_LAYER = [('q', 768, 768), ('k', 768, 768), ('v', 768, 768), ('o', 768, 768),
               ('up', 3072, 768), ('down', 768, 3072)]


def find_python():
    """The interpreter that has torch and numpy."""
    named = os.environ.get('WEIGHTSCOPE_BENCH_PYTHON')
    if named:
        return named
    folder = HERE / 'venv'
    python = folder / 'bin' / 'python'
    if not (folder / '.complete').exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, '-m', 'pip', 'install', '--quiet', 'torch', 'numpy'], check=True)
        (folder / '.complete').touch()
    return str(python)


def make_matrices(folder, layer):
    """Gaussian BF16 weights with a decaying spectrum on top, as raw files."""
    import numpy
    random = numpy.random.default_rng(2024)
    for name, n_rows, n_cols in layer:
        rank = min(n_rows, n_cols) // 8
        scale = 1 / numpy.arange(1, rank + 1)
        values = random.standard_normal((n_rows, n_cols), dtype=numpy.float32) * 0.02
        left = random.standard_normal((n_rows, rank), dtype=numpy.float32) * scale
        values += (left @ random.standard_normal((rank, n_cols), dtype=numpy.float32)
                   ).astype(numpy.float32) * 0.1
        bits = values.astype(numpy.float32).view(numpy.uint32)
        ((bits + 0x7fff + (bits >> 16 & 1)) >> 16).astype(numpy.uint16).tofile(folder / name)


def run_peer(folder, layer):
    """torch.linalg.svdvals of every matrix, all cores on one matrix at a time. It is many times slower
    on wide matrices than on their transposes, so those are measured too."""
    import re
    import time

    import numpy
    import torch
    torch.set_num_threads(N_CORES)
    torch.linalg.svdvals(torch.randn(64, 64))
    seconds, tall_seconds = {}, {}
    for name, n_rows, n_cols in layer:
        start = time.perf_counter()
        stored = torch.from_numpy(numpy.fromfile(folder / name, numpy.int16)).view(torch.bfloat16)
        stored = stored.reshape(n_rows, n_cols)
        values = torch.linalg.svdvals(stored.float())
        seconds[name] = tall_seconds[name] = time.perf_counter() - start
        if n_rows < n_cols:
            start = time.perf_counter()
            torch.linalg.svdvals(stored.float().mT.contiguous())
            tall_seconds[name] = time.perf_counter() - start
        values.numpy().tofile(folder / f'{name}.peer')
    status = pathlib.Path('/proc/self/status').read_text(encoding='ascii')
    peak = int(re.search(r'VmHWM:\s*(\d+)', status)[1])
    print(json.dumps({'seconds': seconds, 'tall_seconds': tall_seconds, 'peak_kb': peak, 'version': torch.__version__}))


def run_ours(build, folder, layer):
    """All matrices on two workers of one thread each, as the program runs them."""
    command = [build / 'tests' / 'bench' / 'bench-spectra', '--workers', str(N_CORES),
               '--values', folder]
    for name, n_rows, n_cols in layer:
        command += ['BF16', f'{n_rows}x{n_cols}', folder / name]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    *items, batch = [json.loads(line) for line in lines]
    return {'items': {layer[item['index']][0]: item for item in items}, **batch}


def largest_difference(folder, layer):
    """Of any singular value between the two, in units of the largest."""
    import numpy
    worst = 0.0
    for index, (name, _, _) in enumerate(layer):
        ours = numpy.fromfile(folder / f'{index}.sigma')
        peer = numpy.fromfile(folder / f'{name}.peer', numpy.float32)
        worst = max(worst, numpy.abs(ours - peer).max() / ours[0])
    return worst


def bench(build, layer, n_rounds):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_matrices(folder, layer)
        ours, peers = [], []
        for _ in range(n_rounds):
            ours.append(run_ours(build, folder, layer))
            peer = subprocess.run(
                [sys.executable, __file__, '--peer', folder, '--layer', json.dumps(layer)],
                check=True, stdout=subprocess.PIPE)
            peers.append(json.loads(peer.stdout))
        difference = largest_difference(folder, layer)
    report(layer, ours, peers, difference)


def report(layer, ours, peers, difference):
    best = min(ours, key=lambda run: run['seconds'])
    best_peer = min(peers, key=lambda run: sum(run['seconds'].values()))
    print(f'\n{len(ours)} rounds, {N_CORES} cores; torch {best_peer["version"]}; '
          'seconds are the least of the rounds\n')
    print('| matrix | shape | route | ours, 1 core | GF/s | torch, 2 cores | the same, tall |')
    print('|---|---|---|---|---|---|---|')
    total_flops = 0.0
    for name, n_rows, n_cols in layer:
        short, long = sorted((n_rows, n_cols))
        flops = long * short**2 + 4 / 3 * short**3
        total_flops += flops
        seconds = min(run['items'][name]['seconds'] for run in ours)
        peer = min(run['seconds'][name] for run in peers)
        tall = min(run['tall_seconds'][name] for run in peers)
        method = best['items'][name]['method']
        print(f'| {name} | {n_rows}×{n_cols} | {method} | {seconds:.2f} | '
              f'{flops / seconds / 1e9:.1f} | {peer:.2f} | {tall:.2f} |')
    peer_seconds = sum(best_peer['seconds'].values())
    tall_seconds = min(sum(run['tall_seconds'].values()) for run in peers)
    print(f'| **layer** | | | **{best["seconds"]:.2f}** (2 workers) | '
          f'{total_flops / best["seconds"] / 1e9:.1f} | **{peer_seconds:.2f}** | **{tall_seconds:.2f}** |')
    print(f'\nratio {peer_seconds / best["seconds"]:.2f}, to torch on tall matrices only '
          f'{tall_seconds / best["seconds"]:.2f}; peak memory {best["peak_kb"] / 1000:.0f} MB, '
          f'torch {best_peer["peak_kb"] / 1000:.0f} MB; largest difference {difference:.1e} σ₁')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('build', nargs='?', type=pathlib.Path)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--quick', action='store_true', help='a BERT layer instead of a Qwen3-4B one')
    parser.add_argument('--peer', type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument('--layer', type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return run_peer(arguments.peer, arguments.layer)
    if not arguments.build:
        parser.error('the build folder is missing')
    if os.environ.get('WEIGHTSCOPE_BENCH_INSIDE') != '1':
        python = find_python()
        os.execve(python, [python, *sys.argv], {**os.environ, 'WEIGHTSCOPE_BENCH_INSIDE': '1'})
    return bench(arguments.build.resolve(), SMALL_LAYER if arguments.quick else LAYER,
                 arguments.rounds)


if __name__ == '__main__':
    sys.exit(main())
