#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is said of clusters, axes and rows is what scikit-learn and NumPy say of them.

Skipped where scikit-learn is neither installed nor can be put into a virtual environment of the
build folder; CLUSTER_ORACLE_PYTHON names a Python that has it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import peer  # noqa: E402

SKIPPED = 77


def normalize(points, how):
    """In float64, of which we keep float32: 6e-8 of each value."""
    if how == 'zscore':
        points = (points - points.mean(0)) / points.std(0)
    elif how == 'unit':
        points = points / numpy.linalg.norm(points, axis=1, keepdims=True)
    elif how == 'center':
        points = points - points.mean(0)
    return points.astype(numpy.float32).astype(numpy.float64)


class Oracle(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix='cluster-')
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.random = numpy.random.default_rng(7)

    def measure(self, points, k, how='none', labels=None):
        """Ours: the measures and the labels; the points as both sides see them."""
        points = points.astype('<f4')
        files = [self.folder / 'points', self.folder / 'labels']
        points.tofile(files[0])
        if labels is not None:
            numpy.asarray(labels, '<u4').tofile(files[1])
        done = subprocess.run(
            [os.environ['MEASURE_CLUSTERING'], *map(str, points.shape), str(k), how, *files],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (json.loads(done.stdout), numpy.fromfile(files[1], '<u4'), points.astype(numpy.float64))

    def check(self, points, k, how='none', labels=None):
        ours, labels, raw = self.measure(points, k, how, labels)
        points = normalize(raw, how)
        self.close(ours['calinski_harabasz'], metrics.calinski_harabasz_score(points, labels))
        self.close(ours['davies_bouldin'], metrics.davies_bouldin_score(points, labels))
        self.close(ours['silhouette'], metrics.silhouette_score(points, labels))
        samples = metrics.silhouette_samples(points, labels)
        self.close(ours['silhouettes'],
                   [samples[labels == c].mean() for c in range(labels.max() + 1)])
        self.check_projection(ours, points)
        self.check_facts(ours, raw)

    def close(self, ours, theirs, unit=None):
        """To 1e-6 of the greatest of the values, or of UNIT."""
        unit = numpy.abs(theirs).max() if unit is None else unit
        numpy.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6 * unit)

    def check_projection(self, ours, points):
        centred = points - points.mean(0)
        values = numpy.zeros(points.shape[1])
        _, sigma, axes = numpy.linalg.svd(centred, full_matrices=False)
        values[:len(sigma)] = sigma ** 2 / len(points)
        self.close(ours['variance'], values)
        self.close(ours['total'], centred.var(0).sum())
        self.close(ours['participation_ratio'], values.sum() ** 2 / (values ** 2).sum())
        for i in range(2):
            axis = axes[i] * numpy.sign(axes[i][numpy.abs(axes[i]).argmax()])
            # the gap between two variances is a hundredth of the first, or more
            self.close(numpy.array(ours['xy']).reshape(-1, 2)[:, i], centred @ axis,
                       unit=10 * values[0] ** .5)

    def check_facts(self, ours, points):
        for name, rows in (('anisotropy', points), ('anisotropy_centred', points - points.mean(0))):
            unit = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
            cosines = unit @ unit.T
            n = len(points)
            self.close(ours[name], (cosines.sum() - numpy.trace(cosines)) / (n * (n - 1)), unit=1e-3)
        norms = numpy.linalg.norm(points, axis=1)
        distances = numpy.linalg.norm(points - points.mean(0), axis=1)
        self.close(ours['norm_quantiles'], numpy.quantile(norms, [.001, .01, .5, .99, .999]))
        low = (norms <= numpy.quantile(norms, .001)) | (distances <= numpy.quantile(distances, .001))
        self.assertEqual(sorted(ours['untrained']), numpy.flatnonzero(low).tolist())

    def cloud(self, n, d, k, spread=1.0, offset=0.0):
        """K clusters, columns of falling spread."""
        centres = self.random.normal(size=(k, d)) * 3
        points = centres[self.random.integers(k, size=n)] + spread * self.random.normal(size=(n, d))
        return points * .97 ** numpy.arange(d) + offset

    def test_our_clusters(self):
        for how in ('zscore', 'unit', 'center', 'none'):
            with self.subTest(how):
                self.check(self.cloud(2000, 20, 5), 5, how)

    def test_overlapping_clusters_far_from_the_origin(self):
        self.check(self.cloud(1500, 33, 12, spread=4.0, offset=100.0), 12)

    def test_more_columns_than_points(self):
        self.check(self.cloud(90, 300, 4), 4, 'center')

    def test_many_columns(self):
        self.check(self.cloud(1200, 640, 9), 9, 'zscore')

    def test_labels_that_mean_nothing(self):
        self.check(self.cloud(700, 8, 3), 0, labels=numpy.arange(700) % 6)

    def test_clusters_of_one_and_two(self):
        labels = [0, 1, 1, *([2] * 497)]
        self.check(self.cloud(500, 6, 3), 0, labels=labels)

    def test_points_in_the_same_places(self):
        points = numpy.repeat(self.cloud(60, 5, 3), 10, axis=0)
        self.check(points, 7)


if __name__ == '__main__':
    PYTHON, REASON = peer.find('cluster-oracle', ['numpy', 'sklearn.metrics'],
                               ['numpy', 'scikit-learn'], 'CLUSTER_ORACLE_PYTHON')
    if not PYTHON:
        print(REASON)
        sys.exit(SKIPPED)
    if PYTHON != sys.executable:
        os.execv(PYTHON, [PYTHON, *sys.argv])
    import numpy
    from sklearn import metrics
    unittest.main()
