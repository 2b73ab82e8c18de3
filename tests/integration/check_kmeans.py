#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""k-means against scikit-learn in float64: planted groups are found, and for every k the inertia is
that of the best of ten starts, with groups and without; also groups that are nearer to each other
than products of float32 can tell.

usage: check_kmeans.py BENCH_KMEANS

Skipped where scikit-learn is neither installed nor can be put into a virtual environment of the
build folder; WEIGHTSCOPE_SKLEARN_PYTHON names a Python that has it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import peer  # noqa: E402

SKIPPED = 77
N_CLUSTERS = 7
SHAPE = (6000, 64)
NEAR = (1e-3, 1e-4, 1e-5)
# Both are local optima of the same function; ours may be the better one.
MOST_ABOVE = 0.005
LEAST_RAND = 0.99


def make_cases():
    """(name, values, labels or None, the k that are looked at)"""
    import numpy as np

    random = np.random.default_rng(20240617)
    labels = random.integers(0, N_CLUSTERS, SHAPE[0])
    centres = random.standard_normal((N_CLUSTERS, SHAPE[1]))
    noise = random.standard_normal(SHAPE)
    yield 'planted', (centres[labels] + 0.9 * noise).astype(np.float32), labels, range(1, 21)
    yield 'unstructured', random.standard_normal(SHAPE).astype(np.float32), None, range(1, 21)
    # pairs of groups, and one that is alone; 1 is about how far they are from the mean of all
    aside = random.standard_normal(SHAPE[1])
    for distance in NEAR:
        near = centres[labels // 2] + (labels % 2)[:, None] * distance * aside + distance / 20 * noise
        yield f'{distance} apart', near.astype(np.float32), labels, [N_CLUSTERS]


def run(program, folder, values, ks):
    """{k: (inertia, labels)}"""
    import numpy as np

    values.tofile(folder / 'matrix')
    output = subprocess.run(
        [program, '--first', str(ks[0]), '--last', str(ks[-1]), '--labels', folder, 'F32',
         f'{SHAPE[0]}x{SHAPE[1]}', folder / 'matrix'], check=True, stdout=subprocess.PIPE).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    return {line['k']: (line['inertia'], np.fromfile(folder / f'{line["k"]}.labels', np.uint32))
            for line in lines if 'k' in line}


def check(program):
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    faults = []
    with tempfile.TemporaryDirectory() as name:
        for case, values, planted, ks in make_cases():
            for k, (inertia, labels) in run(program, pathlib.Path(name), values, ks).items():
                # what it takes for no move at all is more than there is between near groups
                tol = 0 if len(ks) == 1 else 1e-4
                peer = KMeans(k, n_init=10, tol=tol, random_state=0).fit(values.astype(np.float64))
                expected = peer.inertia_
                above = inertia / expected - 1
                print(f'{case}, k = {k}: {100 * above:+.3f} %', flush=True)
                if above > MOST_ABOVE:
                    faults.append(f'{case}, k = {k}: inertia {inertia}, scikit-learn {expected}')
                if planted is not None and k == N_CLUSTERS:
                    rand = adjusted_rand_score(planted, labels)
                    print(f'{case}, k = {k}: adjusted Rand index {rand:.4f}')
                    if rand < LEAST_RAND:
                        faults.append(f'{case}: adjusted Rand index {rand}')
    for fault in faults:
        print(f'FAULT {fault}')
    return 1 if faults else 0


def main():
    python, reason = peer.find('sklearn', ['sklearn'], ['scikit-learn'], 'WEIGHTSCOPE_SKLEARN_PYTHON')
    if python is None:
        print(f'skipped: {reason}')
        return SKIPPED
    if os.environ.get('CHECK_KMEANS_PEER') != python:
        # one thread: the fits are small, and threads that wait take what the others need
        env = dict(os.environ, CHECK_KMEANS_PEER=python, OMP_NUM_THREADS='1')
        return subprocess.run([python, '-B', __file__, *sys.argv[1:]], env=env,
                              check=False).returncode
    return check(sys.argv[1])


if __name__ == '__main__':
    sys.exit(main())
