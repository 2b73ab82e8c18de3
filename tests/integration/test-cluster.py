#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clusters as a user gets them: the files against NumPy, which matrix is taken, how a run ends."""
import json
import os
import re
import signal
import subprocess
import unittest

import numpy as np

import harness

FILES = {'clustering_results.json', 'embedding_clusters_summary.csv', 'tokens.csv', 'k_curve.csv',
         'centroids.npy', 'report.md'}
FIGURES = {f'{key}.{ending}' for ending in ('csv', 'pdf', 'png', 'svg')
           for key in ('elbow', 'map', 'norm-histogram', 'norms', 'sizes', 'variance')}


def planted(n, d, k, seed=1, separation=6.0):
    """Points around k centres; the shares of the clusters differ."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((k, d)) * separation
    labels = np.minimum(rng.geometric(0.4, n) - 1, k - 1)
    return (centres[labels] + rng.standard_normal((n, d))).astype('<f4')


def normalize(values, how):
    values = values.astype(float)
    if how == 'zscore':
        deviation = values.std(axis=0)
        return (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    if how == 'center':
        return values - values.mean(axis=0)
    if how == 'unit':
        return values / np.linalg.norm(values, axis=1, keepdims=True)
    return values


def silhouettes(points, labels):
    distances = np.sqrt(np.maximum(((points[:, None] - points[None]) ** 2).sum(axis=2), 0))
    k = labels.max() + 1
    means = np.array([distances[:, labels == i].sum(axis=1) for i in range(k)]).T
    sizes = np.bincount(labels)
    own = means[np.arange(len(labels)), labels] / np.maximum(sizes[labels] - 1, 1)
    others = means / sizes
    others[np.arange(len(labels)), labels] = np.inf
    nearest = others.min(axis=1)
    return np.where(sizes[labels] > 1, (nearest - own) / np.maximum(nearest, own), 0)


class ClusterTest(harness.CliTest):
    def write_model(self, tensors, vocabulary=None, name='m', config=None):
        folder = self.folder / name
        folder.mkdir()
        harness.write_safetensors(folder / 'model.safetensors', tensors)
        if vocabulary is not None:
            (folder / 'vocab.txt').write_text(''.join(f'{token}\n' for token in vocabulary),
                                              encoding='utf-8')
        if config is not None:
            (folder / 'config.json').write_text(json.dumps(config))
        return name

    def cluster(self, model, *arguments, out='D', **named):
        """Returns: what it printed."""
        return self.cli('cluster', model, '--out', out, *arguments, **named)

    def table(self, name, out='D'):
        return self.rows((self.folder / out / name).read_text(encoding='utf-8'))

    def results(self, out='D'):
        return json.loads((self.folder / out / 'clustering_results.json').read_text(encoding='utf-8'))

    def contents(self, out):
        return {path.name: path.read_bytes() for path in (self.folder / out).iterdir()}

    def column(self, table, key, kind=float):
        return np.array([kind(row[key]) for row in table])


only_once = unittest.skipIf(harness.LOCALE != 'C', 'numbers do not depend on the locale: see '
                            'test_files_are_the_same_in_every_language')


@only_once
class Numbers(ClusterTest):
    def check_files(self, values, how):
        """Every number of the files against NumPy in float64."""
        rows = self.table('tokens.csv')
        self.assertEqual(len(rows), len(values))
        points = normalize(values, how)
        labels = self.column(rows, 'cluster_id', int)
        centroids = np.load(self.folder / 'D' / 'centroids.npy')
        k = len(centroids)
        self.assertEqual(centroids.dtype, np.dtype('float32'))
        self.assertEqual(centroids.shape, (k, values.shape[1]))
        self.assertEqual(sorted(set(labels)), list(range(k)))
        scale = np.abs(points).max()

        # The centre of a cluster is the mean of its members, rounded to float32.
        for cluster in range(k):
            np.testing.assert_allclose(centroids[cluster], points[labels == cluster].mean(axis=0),
                                       rtol=0, atol=2e-6 * scale)
        # Each point is with the nearest centre, but for rounding of the distances to float32.
        squares = ((points[:, None] - centroids[None].astype(float)) ** 2).sum(axis=2)
        own = squares[np.arange(len(points)), labels]
        self.assertTrue(np.all(own <= squares.min(axis=1) + 1e-5 * squares.max()))
        np.testing.assert_allclose(self.column(rows, 'distance'), np.sqrt(own), rtol=1e-5,
                                   atol=1e-5 * scale)
        np.testing.assert_allclose(self.column(rows, 'norm'),
                                   np.linalg.norm(values.astype(float), axis=1), rtol=1e-6)

        curve = self.table('k_curve.csv')
        chosen = [row for row in curve if row['chosen'] == '1']
        self.assertEqual([int(row['k']) for row in chosen], [k])
        np.testing.assert_allclose(float(chosen[0]['inertia']), own.sum(), rtol=1e-5)
        # Where everything is looked at, the silhouette is exact.
        scores = silhouettes(points, labels)
        np.testing.assert_allclose(float(chosen[0]['silhouette']), scores.mean(), atol=1e-5)
        self.assertEqual(float(chosen[0]['silhouette_standard_error']), 0)
        grand = ((points - points.mean(axis=0)) ** 2).sum()
        ratio = ((grand - own.sum()) / (k - 1)) / (own.sum() / (len(points) - k))
        np.testing.assert_allclose(float(chosen[0]['f_ratio']), ratio, rtol=1e-4)

        summary = self.table('embedding_clusters_summary.csv')
        sizes = np.bincount(labels)
        self.assertEqual(list(self.column(summary, 'cluster_id', int)), list(range(k)))
        self.assertEqual(list(self.column(summary, 'size', int)), list(sizes))
        self.assertEqual(list(sizes), sorted(sizes, reverse=True))
        np.testing.assert_allclose(self.column(summary, 'percentage'), 100 * sizes / len(points))
        for cluster, row in enumerate(summary):
            members = labels == cluster
            distances = np.sqrt(own[members])
            np.testing.assert_allclose(float(row['avg_distance']), distances.mean(), rtol=1e-5)
            np.testing.assert_allclose(float(row['max_distance']), distances.max(), rtol=1e-5)
            np.testing.assert_allclose(float(row['silhouette_score']), scores[members].mean(),
                                       atol=1e-5)
            # The nearest members, the nearest first; members only.
            ids = [int(number) for number in row['representative_ids'].split()]
            self.assertEqual(len(ids), min(10, sizes[cluster]))
            self.assertTrue(all(members[i] for i in ids))
            self.assertTrue(np.all(np.diff(own[ids]) >= -1e-5))
            self.assertLessEqual(own[ids[-1]], np.sort(own[members])[len(ids) - 1] + 1e-5)
            self.assertEqual(row['meaningful_text'], ' '.join(rows[i]['label'] for i in ids))

    def check_map(self, values, how):
        """The first two principal components, but for their signs."""
        rows = self.table('tokens.csv')
        points = normalize(values, how)
        centred = points - points.mean(axis=0)
        left, sigma, right = np.linalg.svd(centred, full_matrices=False)
        for i, key in enumerate('xy'):
            found = self.column(rows, key)
            expected = left[:, i] * sigma[i]
            error = min(np.abs(found - expected).max(), np.abs(found + expected).max())
            self.assertLess(error, 1e-4 * sigma[i], key)
        projection = self.results()['projection']
        shares = sigma ** 2 / (sigma ** 2).sum()
        np.testing.assert_allclose(projection['explained_variance_x'], shares[0], rtol=1e-5)
        np.testing.assert_allclose(projection['explained_variance_y'], shares[1], rtol=1e-5)
        np.testing.assert_allclose(projection['participation_ratio'], 1 / (shares ** 2).sum(),
                                   rtol=1e-5)

    def test_files_agree_with_numpy(self):
        values = planted(400, 7, 5)
        values[:, 3] = 2.5  # z-scores make it 0
        model = self.write_model({'wte.weight': ('F32', values)})
        for how in ('zscore', 'unit', 'center', 'none'):
            with self.subTest(normalize=how):
                self.cluster(model, '--normalize', how, '--max-k', '12')
                self.check_files(values, how)
                self.check_map(values, how)
                self.assertEqual(self.results()['record']['options']['normalize'], how)

    def test_planted_clusters_are_found_again(self):
        values = planted(500, 6, 4, separation=12)
        self.cluster(self.write_model({'wte.weight': ('F32', values)}), '--max-k', '15')
        self.assertEqual(self.results()['optimal_k'], 4)
        self.assertFalse(self.results()['choice']['no_structure'])
        labels = self.column(self.table('tokens.csv'), 'cluster_id', int)
        rng = np.random.default_rng(1)
        rng.standard_normal((4, 6))
        planted_labels = np.minimum(rng.geometric(0.4, 500) - 1, 3)
        self.assertEqual(len(set(zip(labels, planted_labels))), 4)

    def test_noise_is_told_to_have_no_structure(self):
        values = np.random.default_rng(5).standard_normal((800, 40)).astype('<f4')
        self.cluster(self.write_model({'wte.weight': ('F32', values)}), '--max-k', '8')
        self.assertTrue(self.results()['choice']['no_structure'])

    def test_fixed_k_is_that_of_the_sweep(self):
        values = planted(300, 5, 4)
        model = self.write_model({'wte.weight': ('F32', values)})
        self.cluster(model, '--max-k', '8', '--fresh')
        sweep = {row['k']: row['inertia'] for row in self.table('k_curve.csv')}
        self.cluster(model, '--k', '6', '--fresh', out='E')
        curve = self.table('k_curve.csv', 'E')
        self.assertEqual([row['k'] for row in curve], ['6'])
        self.assertEqual(curve[0]['inertia'], sweep['6'])
        self.assertEqual(self.results('E')['optimal_k'], 6)
        self.assertEqual(len(self.table('embedding_clusters_summary.csv', 'E')), 6)
        self.assertEqual(self.results('E')['elbow']['kneedle'], None)

    def test_every_small_k_is_tried(self):
        self.cluster(self.write_model({'wte.weight': ('F32', planted(200, 4, 3))}))
        k = self.results()['k_values']
        self.assertEqual(k[:20], list(range(1, 21)))
        self.assertEqual(k[-1], 100)
        self.assertEqual(k, [int(row['k']) for row in self.table('k_curve.csv')])
        inertia = self.column(self.table('k_curve.csv'), 'inertia')
        self.assertEqual([row['f_ratio'] for row in self.table('k_curve.csv')][0], '')
        self.assertLess(inertia[-1], inertia[0] / 4)

    def test_criterion_decides(self):
        model = self.write_model({'wte.weight': ('F32', planted(300, 4, 5, separation=3))})
        for criterion, key in (('silhouette', 'silhouette'), ('f-ratio', 'f_ratio')):
            self.cluster(model, '--max-k', '15', '--criterion', criterion)
            curve = [row for row in self.table('k_curve.csv') if row[key]]
            best = max(curve, key=lambda row: float(row[key]))
            self.assertEqual(self.results()['optimal_k'], int(best['k']))
            self.assertEqual(self.results()['choice']['criterion'], criterion)

    def test_threads_and_memory_do_not_change_the_files(self):
        model = self.write_model({'wte.weight': ('F32', planted(500, 16, 5))})
        texts = []
        for n, arguments in enumerate((('--threads', '1'), ('--threads', '3'),
                                       ('--threads', '1', '--memory-limit', '64M'))):
            self.cluster(model, '--max-k', '9', '--fresh', *arguments, out=f'D{n}',
                         SOURCE_DATE_EPOCH='0')
            files = self.contents(f'D{n}')
            record = json.loads(files.pop('clustering_results.json'))
            record['record'].pop('threads')
            texts.append((files, record))
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[0], texts[2])

    def test_seed_is_part_of_the_run(self):
        model = self.write_model({'wte.weight': ('F32', planted(300, 4, 3, separation=0.5))})
        for out, seed in (('A', '1'), ('B', '2'), ('C', '1')):
            self.cluster(model, '--k', '9', '--seed', seed, '--fresh', out=out, SOURCE_DATE_EPOCH='0')
        self.assertEqual(self.contents('A'), self.contents('C'))
        self.assertNotEqual(self.contents('A')['tokens.csv'], self.contents('B')['tokens.csv'])
        self.assertEqual(self.results('B')['record']['options']['seed'], 2)

    def test_sample_has_the_clusters_that_its_readme_tells(self):
        self.cluster('sample')
        results = self.results()
        self.assertEqual(results['optimal_k'], 8)
        self.assertGreater(results['silhouette_score'], 0.5)
        rows = self.table('tokens.csv')
        self.assertEqual(len(rows), 2048)
        of = {row['label']: row['cluster_id'] for row in rows}
        self.assertEqual(len({of[token] for token in ('世界', '问题', '大学')}), 1)
        self.assertEqual(len({of[token] for token in ('ĠPeter', 'ĠDavid', 'ĠMark')}), 1)
        self.assertEqual(len({of[token] for token in ('0', '7', 'Ġthree')}), 1)
        self.assertEqual(len({of[token] for token in ('世界', 'ĠPeter', '7')}), 3)


class Embeddings(ClusterTest):
    BERT = {'model_type': 'bert', 'vocab_size': 30522, 'hidden_size': 8, 'num_hidden_layers': 1,
            'max_position_embeddings': 512}

    def bert_vocabulary(self):
        return (['[PAD]'] + [f'[unused{i}]' for i in range(99)] + ['[UNK]', '[CLS]', '[SEP]', '[MASK]']
                + [f'word{i}' for i in range(20000)] + [f'##ing{i}' for i in range(30522 - 20104)])

    def test_bert_clusters_its_words_and_not_its_positions(self):
        """The positions come first in the file, as they do in bert-base."""
        prefix = 'bert.embeddings'
        model = self.write_model({
            f'{prefix}.LayerNorm.gamma': ('F32', np.ones(8)),
            f'{prefix}.position_embeddings.weight': ('F32', planted(512, 8, 3)),
            f'{prefix}.token_type_embeddings.weight': ('F32', planted(2, 8, 1)),
            f'{prefix}.word_embeddings.weight': ('F32', planted(30522, 8, 4)),
        }, self.bert_vocabulary(), config=self.BERT)
        done = self.cluster(model, '--max-k', '3')
        self.assertEqual(done.stderr, '')
        results = self.results()
        self.assertEqual(results['embedding']['param_name'], f'{prefix}.word_embeddings.weight')
        self.assertEqual(results['k_values'], [1, 2, 3])
        rows = self.table('tokens.csv')
        self.assertEqual(len(rows), 30522)
        self.assertEqual([row['token_id'] for row in rows], [str(i) for i in range(30522)])
        self.assertEqual((rows[0]['token'], rows[101]['kind'], rows[3]['kind']),
                         ('[PAD]', 'special', 'unused'))
        self.assertEqual(rows[-1]['token'], '##ing10417')
        self.assertTrue(all(row['cluster_id'] for row in rows))
        self.cluster(model, '--tensor', f'{prefix}.position_embeddings.weight', '--k', '3', out='P')
        rows = self.table('tokens.csv', 'P')
        self.assertEqual(len(rows), 512)
        self.assertEqual((rows[7]['token'], rows[7]['label']), ('', '#7'))
        self.assertIn('not tokens', self.results('P')['tokenizer']['note'])

    def test_tensor_can_be_named(self):
        model = self.write_model({'model.embed_tokens.weight': ('F32', planted(60, 4, 2)),
                                  'lm_head.weight': ('F32', planted(60, 4, 3))},
                                 [f't{i}' for i in range(60)])
        self.cluster(model, '--k', '3')
        self.assertEqual(self.results()['embedding']['param_name'], 'model.embed_tokens.weight')
        self.cluster(model, '--tensor', 'lm_head.weight', '--k', '3')
        self.assertEqual(self.results()['embedding']['param_name'], 'lm_head.weight')
        self.assertEqual(self.results()['embedding']['kind'], 'output')
        self.assertEqual(self.table('tokens.csv')[5]['label'], 't5')

    def test_tensor_that_cannot_be_clustered_gets_a_sentence(self):
        model = self.write_model({'wte.weight': ('F32', planted(20, 3, 2)),
                                  'ln_f.weight': ('F32', np.ones(3))})
        for name, word in (('nothing', "'nothing'"), ('ln_f.weight', 'no matrix')):
            done = self.cli('cluster', model, '--tensor', name, status=2 if name != 'nothing' else 1)
            self.assertIn(word, done.stderr)
        other = self.write_model({'layers.0.mlp.up_proj.weight': ('F32', np.eye(6))}, name='n')
        said = self.cli('cluster', other, status=1).stderr
        self.assertIn('row for each token', said)
        self.assertIn('--tensor', said)

    def test_without_vocabulary_tokens_are_numbers(self):
        model = self.write_model({'wte.weight': ('F32', planted(50, 4, 2))})
        done = self.cluster(model, '--k', '2')
        self.assertIn('no vocabulary', done.stderr)
        self.assertIn('no vocabulary', self.results()['tokenizer']['note'])
        self.assertEqual([row['label'] for row in self.table('tokens.csv')[:2]], ['#0', '#1'])
        self.assertEqual(self.cluster(model, '--k', '2', '--quiet').stderr, '')

    def test_vocabulary_that_is_shorter_or_longer_is_told(self):
        for n, word in ((40, 'by their numbers'), (60, 'have no row')):
            model = self.write_model({'wte.weight': ('F32', planted(50, 4, 2))},
                                     [f't{i}' for i in range(n)], name=f'v{n}')
            done = self.cluster(model, '--k', '2', out=f'D{n}')
            self.assertIn(word, done.stderr)
            self.assertIn(f'has {n} tokens', self.results(f'D{n}')['tokenizer']['note'])
            rows = self.table('tokens.csv', f'D{n}')
            self.assertEqual(len(rows), 50)
            self.assertEqual(rows[39]['label'], 't39')
            self.assertEqual(rows[49]['label'], '#49' if n < 50 else 't49')
            self.assertEqual(rows[49]['kind'], 'missing' if n < 50 else 'normal')

    def test_damaged_vocabulary_costs_names_only(self):
        model = self.write_model({'wte.weight': ('F32', planted(50, 4, 2))})
        (self.folder / model / 'tokenizer.json').write_text('{"model": {"vocab": [[[')
        done = self.cluster(model, '--k', '2')
        self.assertIn('tokenizer.json', done.stderr)
        self.assertIn('tokenizer.json', self.results()['tokenizer']['note'])
        self.assertEqual(len(self.table('tokens.csv')), 50)

    def test_rows_that_are_not_finite_are_in_no_cluster(self):
        values = planted(80, 4, 3)
        values[3, 1] = np.nan
        values[40] = np.inf
        model = self.write_model({'wte.weight': ('F32', values)}, [f't{i}' for i in range(80)])
        self.cluster(model, '--k', '3')
        self.assertEqual(self.results()['embedding']['n_not_finite'], 2)
        rows = self.table('tokens.csv')
        self.assertEqual(len(rows), 80)
        for i in (3, 40):
            self.assertEqual((rows[i]['label'], rows[i]['cluster_id'], rows[i]['distance'],
                              rows[i]['norm'], rows[i]['x']), (f't{i}', '', '', '', ''))
        finite = np.isfinite(values).all(axis=1)
        self.assertEqual(sum(row['cluster_id'] != '' for row in rows), finite.sum())
        points = normalize(values[finite], 'zscore')
        labels = np.array([int(row['cluster_id']) for row in rows if row['cluster_id']])
        centroids = np.load(self.folder / 'D' / 'centroids.npy')
        for cluster in range(3):
            np.testing.assert_allclose(centroids[cluster], points[labels == cluster].mean(axis=0),
                                       atol=1e-5)
        self.assertIn('2 rows are not finite', (self.folder / 'D' / 'report.md').read_text())

    def test_nothing_finite_is_a_sentence(self):
        model = self.write_model({'wte.weight': ('F32', np.full((9, 2), np.nan))})
        self.assertIn("'wte.weight'", self.cli('cluster', model, status=1).stderr)

    def test_small_matrices(self):
        for n, d in ((2, 1), (2, 5), (3, 1), (5, 4)):
            model = self.write_model({'wte.weight': ('F32', planted(n, d, 2, seed=3))},
                                     name=f'm{n}x{d}')
            self.cluster(model, out=f'D{n}x{d}')
            rows = self.table('tokens.csv', f'D{n}x{d}')
            self.assertEqual(len(rows), n)
            self.assertTrue(all(row['cluster_id'] for row in rows))
            self.assertLessEqual(self.results(f'D{n}x{d}')['k_values'][-1], n)

    def test_one_token(self):
        model = self.write_model({'wte.weight': ('F32', [[1.0, 2.0, 3.0]])}, ['only'])
        self.cluster(model, '--tensor', 'wte.weight')
        self.assertEqual(self.results()['optimal_k'], 1)
        self.assertEqual(self.table('tokens.csv')[0]['cluster_id'], '0')

    def test_equal_rows_are_one_cluster(self):
        model = self.write_model({'wte.weight': ('F32', np.ones((30, 4)))})
        self.cluster(model)
        self.assertEqual(self.results()['k_values'], [1])
        self.assertIn('3', self.cli('cluster', model, '--k', '3', status=2).stderr)

    def test_more_clusters_than_rows_are_refused(self):
        model = self.write_model({'wte.weight': ('F32', planted(20, 3, 2))})
        done = self.cli('cluster', model, '--k', '21', status=2)
        self.assertIn('21', done.stderr)
        self.assertIn('20', done.stderr)


class Usage(ClusterTest):
    def setUp(self):
        super().setUp()
        self.model = self.write_model({'wte.weight': ('F32', planted(60, 3, 3))})

    def refused(self, *arguments):
        done = self.cli('cluster', self.model, *arguments, status=2)
        self.assertEqual(done.stdout, '')
        return done.stderr

    def test_bad_values_are_quoted_with_what_is_accepted(self):
        for option, value, accepted in (
                ('--k', '0', 'from 1'), ('--k', 'two', 'from 1'), ('--max-k', '-1', 'from 1'),
                ('--criterion', 'aic', 'silhouette'), ('--normalize', 'minmax', 'zscore'),
                ('--representatives', '0', 'from 1'), ('--seed', 'x', 'from 0'),
                ('--format', 'xml', 'json')):
            message = self.refused(option, value)
            self.assertIn(value, message, option)
            self.assertIn(accepted, message, option)

    def test_options_of_spectra_are_refused(self):
        for option in ('--energy=0.9', '--rank-tol=1e-6', '--filter=x', '--spectra=s.npz'):
            self.assertIn(option.split('=')[0], self.refused(option))

    def test_contradictions_are_refused(self):
        self.assertIn('--k and --max-k exclude', self.refused('-k', '3', '--max-k', '5'))
        self.refused('--out', 'D', '--format', 'csv')
        self.refused('--resume', '--fresh')

    def test_command_lines_of_the_seed_work(self):
        self.cli('cluster', '--model_path', self.model, '--max_k', '6', '--random_state', '7',
                 '--output_dir', 'E', '--no_gpu', '--model_id', 'a/b')
        self.assertEqual(self.results('E')['record']['model_id'], 'a/b')
        self.assertEqual(self.results('E')['record']['options']['seed'], 7)
        self.assertEqual(self.results('E')['record']['options']['max_k'], 6)

    def test_representatives_are_as_many_as_asked_for(self):
        self.cluster(self.model, '--k', '2', '--representatives', '3')
        for row in self.table('embedding_clusters_summary.csv'):
            self.assertEqual(len(row['meaningful_text'].split()), 3)
        for cluster in self.results()['clusters']:
            self.assertEqual(len(cluster['representatives']), 3)

    def test_without_folder_the_summary_is_printed(self):
        text = self.cli('cluster', self.model, '--k', '3').stdout
        self.assertEqual(len(self.rows(text)), 3)
        self.cluster(self.model, '--k', '3')
        summary = self.folder / 'D' / 'embedding_clusters_summary.csv'
        self.assertEqual(text, summary.read_text(encoding='utf-8'))
        parsed = json.loads(self.cli('cluster', self.model, '--k', '3', '--format', 'json').stdout)
        self.assertEqual(parsed['optimal_k'], 3)
        self.assertEqual(next(iter(parsed)), 'record')
        table = self.cli('cluster', self.model, '--k', '3', '--format', 'table').stdout
        self.assertIn('wte.weight 60', table)

    def test_contract_of_the_columns(self):
        done = self.cluster(self.model, '--max-k', '4')
        self.assertEqual(done.stdout, 'D\n')
        files = self.contents('D')
        self.assertEqual(set(files), FILES | FIGURES)
        for name, data in files.items():
            start = {'.pdf': b'%PDF-', '.png': b'\x89PNG', '.svg': b'<?xml'}.get(name[-4:], b'')
            self.assertEqual(data[:len(start)], start, name)
        for name, columns in (
                ('embedding_clusters_summary.csv', 'cluster_id,size,percentage,avg_distance,'
                                                   'silhouette_score,meaningful_text'),
                ('tokens.csv', 'token_id,token,cluster_id,distance'),
                ('k_curve.csv', 'k,inertia,f_ratio,silhouette,seconds')):
            first = (self.folder / 'D' / name).read_text(encoding='utf-8').splitlines()[0]
            self.assertEqual(first.split(',')[:len(columns.split(','))], columns.split(','))

    def test_report_shows_the_figures_that_there_are(self):
        for arguments, shown in ((('--max-k', '4'), True), (('--k', '3'), False)):
            self.cluster(self.model, *arguments)
            files = self.contents('D')
            text = files['report.md'].decode()
            named = set(re.findall(r'\]\(([^)]*)\)', text))
            self.assertLessEqual(named, set(files))
            self.assertEqual(('elbow.png' in named, 'map.png' in named), (shown, True))
            # One of the run before would be taken for one of this.
            self.assertEqual([name for name in files if name.startswith('elbow')] != [], shown)

    def test_files_are_the_same_in_every_language(self):
        self.cluster(self.model, out='E', SOURCE_DATE_EPOCH='0')
        here = self.cli('cluster', self.model, '--out', 'L', SOURCE_DATE_EPOCH='0', LANGUAGE='')
        self.assertEqual(self.contents('L'), self.contents('E'))
        fresh = self.cli('cluster', self.model, '--fresh', '--out', 'F', SOURCE_DATE_EPOCH='0',
                         LANGUAGE='')
        self.assertEqual(self.contents('F'), self.contents('E'))
        if harness.LOCALE == 'zh_CN.UTF-8':
            self.assertIn('词表', here.stderr + fresh.stderr)

    def test_model_is_not_written_over(self):
        (self.folder / 'D').mkdir()
        (self.folder / 'D' / 'tokens.csv').symlink_to(self.folder / self.model / 'model.safetensors')
        self.assertIn('model itself', self.cli('cluster', self.model, '--out', 'D', status=2).stderr)

    def test_files_of_others_are_replaced_with_force_only(self):
        (self.folder / 'D').mkdir()
        (self.folder / 'D/tokens.csv').write_text('mine')
        arguments = ('cluster', 'sample', '--max-k', '4', '--out', 'D')
        said = self.cli(*arguments, status=2).stderr
        self.assertIn("'D' already holds 'tokens.csv'", said)
        self.assertEqual((self.folder / 'D/tokens.csv').read_text(), 'mine')
        self.cli(*arguments, '--force')
        self.assertIn('is replaced', self.cli(*arguments).stderr)

    def test_folder_that_cannot_be_written_is_told_before_the_work(self):
        (self.folder / 'file').write_text('')
        targets = ['file', 'file/D', '/proc/none/D']
        if os.geteuid() != 0:
            (self.folder / 'closed').mkdir(mode=0o555)
            targets.append('closed/D')
        for target in targets:
            done = self.cli('cluster', self.model, '--out', target, status=1)
            self.assertIn('weightscope-cli: ', done.stderr)
            self.assertEqual(done.stdout, '')
        (self.folder / 'D').mkdir()
        (self.folder / 'D' / 'k_curve.csv').mkdir()
        done = self.cli('cluster', self.model, '--out', 'D', '--verbose', status=1)
        self.assertIn('k_curve.csv', done.stderr)
        self.assertNotIn('inertia', done.stderr)

    def test_full_disk_is_a_sentence_and_status_1(self):
        """A limit on the size of files stands in for it; the store cannot grow either."""
        limited = f'ulimit -f 2; exec "{harness.CLI}" cluster {self.model} --out D --max-k 5'
        done = subprocess.run(['bash', '-c', limited], cwd=self.folder, env=self.env,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"'D/", done.stderr)
        for path in (self.folder / 'D').iterdir():
            self.assertNotIn('.weightscope-', path.name)
            if path.suffix == '.json':
                json.loads(path.read_text())

    def test_unusable_store_costs_no_result(self):
        (self.folder / 'blocked').write_text('a file, not a folder')
        done = self.cluster(self.model, '--max-k', '5', WEIGHTSCOPE_DATA=str(self.folder / 'blocked'))
        self.assertIn('will not be kept', done.stderr)
        self.assertEqual(len(self.table('tokens.csv')), 60)

    def test_memory_that_does_not_do_is_told(self):
        harness.write_safetensors(self.folder / 'big.safetensors',
                                  {'wte.weight': ('F16', np.zeros((60000, 100)))})
        done = self.cli('cluster', 'big.safetensors', '--memory-limit', '16M', status=1)
        self.assertIn("'wte.weight'", done.stderr)
        self.assertIn('memory', done.stderr)


@only_once
class Interruption(ClusterTest):
    def setUp(self):
        super().setUp()
        self.model = self.write_model({'wte.weight': ('F32', planted(2500, 16, 6, separation=1))})
        self.arguments = [harness.CLI, 'cluster', self.model, '--threads', '1', '--max-k', '20']
        self.reproducible = {**self.env, 'SOURCE_DATE_EPOCH': '0'}

    def whole(self):
        """The files of a run that nothing disturbed, with a store of its own."""
        self.cluster(self.model, '--threads', '1', '--max-k', '20', out='whole', SOURCE_DATE_EPOCH='0',
                     WEIGHTSCOPE_DATA=str(self.folder / 'other'))
        return self.contents('whole')

    def stop_after(self, number, k):
        """Sends the signal once that many clusters are told. Returns: exit status, lines told."""
        told = []
        with subprocess.Popen([*self.arguments, '--verbose', '--out', 'D'], cwd=self.folder,
                              env=self.reproducible, stderr=subprocess.PIPE,
                              stdout=subprocess.DEVNULL) as process:
            for line in process.stderr:
                if line.startswith(b'k = '):
                    told.append(line)
                if line.startswith(f'k = {k}:'.encode()):
                    process.send_signal(number)
                    break
            told += [line for line in process.stderr if line.startswith(b'k = ')]
            return process.wait(60), told

    def test_kill_and_resume_give_the_files_of_a_whole_run(self):
        status, told = self.stop_after(signal.SIGKILL, 7)
        self.assertEqual(status, -signal.SIGKILL)
        self.assertEqual(list((self.folder / 'D').iterdir()), [])
        done = subprocess.run([*self.arguments, '--verbose', '--out', 'D'], cwd=self.folder,
                              env=self.reproducible, capture_output=True, timeout=100, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.contents('D'), self.whole())
        # What was told is not computed again: the lines, with their times, are those of before.
        for line in told:
            self.assertIn(line, done.stderr)

    def test_interrupt_is_quick_and_keeps_what_is_finished(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            status, told = self.stop_after(number, 3)
            self.assertEqual(status, 130)
            self.assertLess(len(told), 20)
        self.cluster(self.model, '--threads', '1', '--max-k', '20', SOURCE_DATE_EPOCH='0')
        self.assertEqual(self.contents('D'), self.whole())

    def test_second_run_reads_no_weights(self):
        """The file keeps its size and times, but not its bytes: only who reads them would notice."""
        self.cluster(self.model, '--max-k', '20', SOURCE_DATE_EPOCH='0')
        first = self.contents('D')
        path = self.folder / self.model / 'model.safetensors'
        status = path.stat()
        with open(path, 'r+b') as file:
            file.seek(-4000, os.SEEK_END)
            file.write(bytes(4000))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.cluster(self.model, '--max-k', '20', out='E', SOURCE_DATE_EPOCH='0')
        self.assertEqual(self.contents('E'), first)

    def test_changed_file_is_computed_anew(self):
        self.cluster(self.model, '--max-k', '8')
        first = self.contents('D')['tokens.csv']
        path = self.folder / self.model / 'model.safetensors'
        harness.write_safetensors(path, {'wte.weight': ('F32', planted(2500, 16, 6, seed=9))})
        self.cluster(self.model, '--max-k', '8')
        self.assertNotEqual(self.contents('D')['tokens.csv'], first)

    def test_more_clusters_take_over_what_is_there(self):
        done = self.cluster(self.model, '--max-k', '8', '--verbose')
        lines = [line for line in done.stderr.splitlines() if line.startswith('k = ')]
        done = self.cluster(self.model, '--max-k', '12', '--verbose')
        for line in lines:
            self.assertIn(line, done.stderr)

    def test_two_at_once_agree(self):
        both = [subprocess.Popen([*self.arguments, '--out', out], cwd=self.folder,
                                 env=self.reproducible, stderr=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL) for out in ('A', 'B')]
        for process in both:
            self.assertNotIn(b'store', process.communicate(timeout=100)[1])
            self.assertEqual(process.returncode, 0)
        self.assertEqual(self.contents('A'), self.contents('B'))
        self.assertEqual(self.contents('A'), self.whole())

    def test_damaged_store_is_set_aside(self):
        self.cluster(self.model, '--max-k', '5', SOURCE_DATE_EPOCH='0')
        first = self.contents('D')
        store = self.folder / 'data' / 'results.sqlite'
        for path in store.parent.glob('results.sqlite-*'):
            path.unlink()
        store.write_bytes(b'\xa5' * store.stat().st_size)
        done = self.cluster(self.model, '--max-k', '5', out='E', SOURCE_DATE_EPOCH='0')
        self.assertIn('damaged', done.stderr)
        self.assertEqual(self.contents('E'), first)


if __name__ == '__main__':
    harness.main()
