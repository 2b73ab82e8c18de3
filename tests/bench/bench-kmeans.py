#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""k-means against scikit-learn, in turns, on synthetic embeddings.

usage: bench-kmeans.py BENCH_KMEANS [--rounds N] [--threads N] [--shape ROWSxCOLS] [--folder FOLDER]
       [--cases CASE,...]

Cases: a number: so many clusters, from the same centres, with as many assignments; fit100: a whole
fit; sweep: k = 1 to 20.

Needs a Python with scikit-learn. Prints for each case the least seconds and processor seconds of
either, the ratio of both, and how the inertias compare."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

N_ASSIGNMENTS = 20
SWEEP = range(1, 21)


def make_values(random, n, d):
    """A mean that all share, variances that fall, clusters of unequal size, lengths that differ."""
    import numpy as np

    spread = (np.arange(1, d + 1.)**-0.4).astype(np.float32)
    centres = random.standard_normal((200, d), dtype=np.float32) * spread * 0.8
    labels = random.choice(200, n, p=random.dirichlet(np.full(200, 0.5)))
    values = random.standard_normal((n, d), dtype=np.float32) * spread + centres[labels]
    lengths = np.exp(0.3 * random.standard_normal((n, 1), dtype=np.float32))
    return np.ascontiguousarray(values * lengths + 0.3 * spread, np.float32)


def run_peer(folder, n, d, case):
    """In a process of its own: fits, and says how long that took."""
    import warnings

    import numpy as np
    from sklearn.cluster import KMeans

    warnings.filterwarnings('ignore')
    values = np.fromfile(folder / 'matrix', np.float32).reshape(n, d)
    KMeans(4, n_init=1, max_iter=2).fit(values[:500])
    start, cpu = time.perf_counter(), time.process_time()
    if case == 'sweep':
        inertias = [float(KMeans(k, n_init=1, random_state=0).fit(values).inertia_) for k in SWEEP]
    elif case.startswith('fit'):
        inertias = [float(KMeans(int(case[3:]), n_init=1, random_state=0).fit(values).inertia_)]
    else:
        centres = np.fromfile(folder / f'centres{case}', np.float32).reshape(-1, d)
        # the last iteration is followed by one more assignment
        inertias = [float(KMeans(len(centres), init=centres, n_init=1, tol=0,
                                 max_iter=N_ASSIGNMENTS - 1).fit(values).inertia_)]
    print(json.dumps({'seconds': time.perf_counter() - start, 'cpu': time.process_time() - cpu,
                      'inertias': inertias}))


def run_ours(program, folder, n, d, threads, case):
    options = ['--start', folder / f'centres{case}', '--iterations', str(N_ASSIGNMENTS)]
    if case == 'sweep':
        options = ['--first', str(SWEEP[0]), '--last', str(SWEEP[-1])]
    elif case.startswith('fit'):
        options = ['--first', case[3:], '--last', case[3:]]
    output = subprocess.run([program, '--threads', str(threads), *options, 'F32', f'{n}x{d}',
                             folder / 'matrix'], check=True, stdout=subprocess.PIPE).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    return dict(lines[-1], inertias=[line['inertia'] for line in lines if 'k' in line])


def measure(arguments, folder, n, d, case):
    env = dict(os.environ, OMP_NUM_THREADS=str(arguments.threads), OMP_WAIT_POLICY='passive')
    ours, peers = [], []
    for _ in range(arguments.rounds):
        ours.append(run_ours(arguments.program, folder, n, d, arguments.threads, case))
        peers.append(json.loads(subprocess.run(
            [sys.executable, '-B', __file__, '--peer', case, '--folder', folder, '--shape',
             f'{n}x{d}', arguments.program], env=env, check=True, stdout=subprocess.PIPE).stdout))
    above = [a / b - 1 for a, b in zip(ours[0]['inertias'], peers[0]['inertias'])]
    figures = [min(run[key] for run in runs) for runs in (ours, peers) for key in ('seconds', 'cpu')]
    print(f'| {case} | {figures[0]:.2f} · {figures[1]:.2f} | {figures[2]:.2f} · {figures[3]:.2f} | '
          f'{figures[2] / figures[0]:.1f}× · {figures[3] / figures[1]:.1f}× | '
          f'{100 * sum(above) / len(above):+.3f} % | {100 * max(above):+.3f} % |', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('program', type=pathlib.Path)
    parser.add_argument('--rounds', type=int, default=2)
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--shape', default='30522x768')
    parser.add_argument('--folder', type=pathlib.Path)
    parser.add_argument('--cases', default='10,50,100,fit100,sweep')
    parser.add_argument('--peer')
    arguments = parser.parse_args()
    n, d = map(int, arguments.shape.split('x'))
    if arguments.peer:
        run_peer(arguments.folder, n, d, arguments.peer)
        return
    import numpy as np

    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = pathlib.Path(name)
        random = np.random.default_rng(7)
        values = make_values(random, n, d)
        values.tofile(folder / 'matrix')
        for k in (10, 50, 100):
            values[random.choice(n, k, replace=False)].tofile(folder / f'centres{k}')
        del values
        print(f'{n}×{d}, {arguments.threads} threads, load {os.getloadavg()[0]:.1f}')
        print('| case | ours: s · CPU s | scikit-learn | ratio | inertia, mean | worst |')
        print('|---|---|---|---|---|---|')
        for case in arguments.cases.split(','):
            measure(arguments, folder, n, d, case)


if __name__ == '__main__':
    main()
