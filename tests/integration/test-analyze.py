#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""weightscope-cli analyze: the numbers against NumPy in float64, and the forms they come in."""
import json
import unicodedata

import numpy as np

import harness

SEED_HEADER = ('model_path,model_id,revision,param_name,layer_index,block_type,shape,rows,cols,'
               'design_rank,actual_rank,rank_ratio,svd_90_percent_rank,svd_90_percent_ratio,mean,'
               'std,var,min,max,sparsity,dtype,created_at')


def low_rank(rng, m, n, rank):
    return (rng.standard_normal((m, rank)) @ rng.standard_normal((rank, n))).astype('f8')


def energy_rank(sigma, fraction):
    energy = np.cumsum(sigma**2)
    return int(np.searchsorted(energy, fraction * energy[-1] * (1 - 1e-12)) + 1)


def count_columns(text):
    """Of a terminal, where Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


class Analyze(harness.CliTest):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(7)
        self.weights = {
            'model.layers.0.self_attn.q_proj.weight': rng.standard_normal((40, 40)).astype('f4'),
            'model.layers.0.mlp.up_proj.weight': rng.standard_normal((90, 30)).astype('f4'),
            'model.layers.1.mlp.down_proj.weight': rng.standard_normal((30, 90)).astype('f2'),
            'model.layers.1.self_attn.k_proj.weight': low_rank(rng, 50, 40, 5),
            'model.norm.weight': np.ones(40, 'f4'),
            'model.embed_tokens.weight': np.zeros((12, 8), 'f4'),
            'lm_head.weight': np.where(np.arange(96).reshape(12, 8) == 17, np.nan,
                                       1).astype('f4'),
        }
        self.weights['model.layers.0.mlp.up_proj.weight'][3, :4] = 0
        names = {'f8': 'F64', 'f4': 'F32', 'f2': 'F16'}
        harness.write_safetensors(self.folder / 'm.safetensors', {
            name: (names[value.dtype.str[1:]], value) for name, value in self.weights.items()})

    def analyze(self, *arguments, **options):
        return self.cli('analyze', 'm.safetensors', *arguments, **options)

    def table(self, *arguments, **options):
        return self.by_name(self.analyze(*arguments, **options).stdout)

    def matrices(self):
        for name, value in self.weights.items():
            if value.ndim == 2 and np.isfinite(value).all() and value.any():
                yield name, value.astype('f8'), np.linalg.svd(value.astype('f8'),
                                                              compute_uv=False)

    def test_ranks_are_those_of_numpy(self):
        rows = self.table()
        for name, value, sigma in self.matrices():
            row = rows[name]
            rank = int((sigma > 1e-6 * sigma[0]).sum())
            self.assertEqual(int(row['actual_rank']), rank, name)
            self.assertEqual(int(row['design_rank']), min(value.shape))
            self.assertEqual(float(row['rank_ratio']), rank / min(value.shape))
            self.assertEqual(int(row['svd_90_percent_rank']), energy_rank(sigma, .9))
            self.assertEqual(float(row['svd_90_percent_ratio']),
                             energy_rank(sigma, .9) / min(value.shape))

    def test_metrics_are_those_of_numpy(self):
        rows = self.table()
        for name, value, sigma in self.matrices():
            p = sigma / sigma.sum()
            p = p[p > 1e-16]
            expected = {'mean': value.mean(), 'std': value.std(), 'var': value.var(),
                        'min': value.min(), 'max': value.max(),
                        'sparsity': (abs(value) <= 1e-8).mean(),
                        'fro': np.linalg.norm(value), 'spectral': sigma[0],
                        'nuclear': sigma.sum(), 'stable_rank': (sigma**2).sum() / sigma[0]**2,
                        'erank': np.exp(-(p * np.log(p)).sum())}
            for key, number in expected.items():
                # Sums in another order: a few units in the last place of the largest term.
                self.assertAlmostEqual(float(rows[name][key]), number, delta=1e-9 * max(
                    1, abs(number)), msg=f'{name} {key}')

    def test_spectra_are_those_of_numpy(self):
        self.analyze('--out', 'r.csv', '--spectra', 's.npz')
        with np.load(self.folder / 's.npz') as spectra:
            self.assertEqual(set(spectra.files),
                             {name for name, *_ in self.matrices()} | {'model.embed_tokens.weight'})
            for name, _, sigma in self.matrices():
                self.assertEqual(spectra[name].dtype, np.float64)
                # The Gram matrix resolves 1e-8 of the largest value.
                np.testing.assert_allclose(spectra[name], sigma, rtol=1e-9, atol=3e-8 * sigma[0])

    def test_names_of_spectra_are_readable_in_every_locale(self):
        harness.write_safetensors(self.folder / 'u.safetensors',
                                  {'权重': ('F32', np.eye(3)), 'Größe': ('F32', np.eye(2))})
        self.cli('analyze', 'u.safetensors', '--out', 'r.csv', '--spectra', 's.npz')
        with np.load(self.folder / 's.npz') as spectra:
            self.assertEqual(set(spectra.files), {'权重', 'Größe'})

    def test_seed_csv_has_exactly_its_columns(self):
        lines = self.analyze('--format', 'seed-csv').stdout.splitlines()
        self.assertEqual(lines[0], SEED_HEADER)
        self.assertTrue(all(len(row) == 22 for row in self.rows('\n'.join(lines))))

    def test_csv_begins_with_the_seeds_columns_and_repeats_none(self):
        header = self.analyze('--format', 'csv').stdout.splitlines()[0]
        self.assertTrue(header.startswith(SEED_HEADER + ',stack,expert_index,state,note,method,'
                                          'backend,'))
        self.assertTrue(header.endswith(',coarse_type'))
        columns = header.split(',')
        self.assertEqual(len(columns), len(set(columns)))

    def test_unknown_is_empty_and_null(self):
        rows = self.table()
        vector, broken = rows['model.norm.weight'], rows['lm_head.weight']
        self.assertEqual((vector['state'], vector['actual_rank'], vector['design_rank'],
                          vector['method']), ('vector', '', '', ''))
        self.assertEqual((broken['state'], broken['svd_90_percent_rank'], broken['erank']),
                         ('nonfinite', '', ''))
        self.assertIn('row 2, column 1', broken['note'])
        self.assertEqual(float(broken['mean']), 1)
        text = self.analyze('--format', 'json').stdout
        self.assertNotIn('NaN', text)
        data = {row['param_name']: row for row in json.loads(text)['tensors']}
        self.assertIsNone(data['model.norm.weight']['actual_rank'])
        self.assertIsNone(data['model.norm.weight']['layer_index'])

    def test_zero_matrix_has_rank_zero(self):
        row = self.table()['model.embed_tokens.weight']
        self.assertEqual((row['state'], row['actual_rank'], row['svd_90_percent_rank'],
                          row['stable_rank'], row['sparsity']), ('zero', '0', '0', '', '1'))

    def test_rows_ascend_by_layer_then_name(self):
        rows = self.rows(self.analyze().stdout)
        keys = [(int(row['layer_index'] or 10**6), row['param_name']) for row in rows]
        self.assertEqual(keys, sorted(keys))
        self.assertEqual(rows[0]['layer_index'], '0')

    def test_json_holds_record_and_the_same_numbers(self):
        csv_rows = self.table()
        data = json.loads(self.analyze('--format', 'json').stdout)
        self.assertEqual(data['record']['files'][0]['name'], 'm.safetensors')
        self.assertEqual(data['record']['options']['energy'], [.5, .9, .95, .99])
        for row in data['tensors']:
            same = csv_rows[row['param_name']]
            for key, cell in same.items():
                if isinstance(row[key], (int, float)):
                    self.assertEqual(float(cell), row[key])
                elif key != 'created_at':
                    self.assertEqual(cell, row[key] or '')

    def test_numbers_are_in_the_c_locale(self):
        for row in self.rows(self.analyze('--format', 'csv').stdout):
            self.assertNotIn(',', row['mean'])
            float(row['mean'])

    def test_90_percent_rank_needs_no_such_energy(self):
        rows = self.table('--energy', '0.99,0.3')
        for name, _, sigma in self.matrices():
            self.assertEqual(int(rows[name]['svd_90_percent_rank']), energy_rank(sigma, .9))
            self.assertEqual(int(rows[name]['rank_energy_30']), energy_rank(sigma, .3))
            self.assertNotIn('rank_energy_90', rows[name])

    def test_energies_that_would_name_one_column_are_one(self):
        header = self.analyze('--energy', '0.3,0.30000000000000004').stdout.splitlines()[0]
        self.assertEqual(header.split(',').count('rank_energy_30'), 1)

    def test_rank_options_change_the_rank(self):
        name, _, sigma = next(self.matrices())
        row = self.table('--rank-tol', '0.3')[name]
        self.assertEqual(int(row['actual_rank']), int((sigma > .3 * sigma[0]).sum()))
        self.assertEqual(self.table('--rank_k', '7')[name]['actual_rank'], '7')

    def test_zero_eps_is_inclusive(self):
        harness.write_safetensors(self.folder / 'e.safetensors',
                                  {'w': ('F32', [[.5, .25], [-.5, 1]])})
        row = self.by_name(self.cli('analyze', 'e.safetensors', '--zero-eps', '0.5').stdout)['w']
        self.assertEqual(row['sparsity'], '0.75')

    def test_filter_limits_the_work(self):
        rows = self.table('--filter', 'layer:0')
        self.assertEqual(set(rows), {'model.layers.0.self_attn.q_proj.weight',
                                     'model.layers.0.mlp.up_proj.weight'})

    def test_filter_on_results_chooses_rows_at_the_end(self):
        self.assertEqual(set(self.table('--where', 'state:zero')), {'model.embed_tokens.weight'})
        self.assertEqual(set(self.table('--filter', 'actual_rank<0.5q type:k_proj')),
                         {'model.layers.1.self_attn.k_proj.weight'})

    def test_filter_on_results_computes_only_what_the_header_leaves(self):
        done = self.analyze('--filter', 'type:q_proj,actual_rank>0', '--verbose', '--fresh')
        computed = {line.split(':')[0] for line in done.stderr.splitlines()
                    if not line.startswith('weightscope-cli:')}
        self.assertEqual(computed, set(self.by_name(done.stdout)))
        self.assertLess(len(computed), len(self.table()))

    def test_filter_that_matches_nothing_fails(self):
        done = self.analyze('--filter', 'layer:77', status=1)
        self.assertIn("'layer:77'", done.stderr)

    def test_ids_are_written_as_given_and_never_guessed(self):
        row = next(iter(self.table().values()))
        self.assertEqual((row['model_id'], row['revision'], row['model_path']),
                         ('', '', 'm.safetensors'))
        row = next(iter(self.table('--model_id', '=cmd', '--revision', 'a"b').values()))
        self.assertEqual((row['model_id'], row['revision']), ('=cmd', 'a"b'))

    def test_path_outside_shows_no_folders(self):
        inner = self.folder / 'inner'
        inner.mkdir()
        self.env['PWD'] = str(inner)
        done = self.cli('analyze', (self.folder / 'm.safetensors').resolve(), '--out',
                        inner / 'r.csv')
        self.assertEqual(done.stdout, '')
        text = (inner / 'r.csv').read_text(encoding='utf-8')
        self.assertIn('m.safetensors', text)
        self.assertNotIn(str(self.folder), text)

    def test_source_date_epoch_gives_equal_bytes(self):
        for form in ('csv', 'json', 'jsonl', 'seed-csv'):
            texts = {self.analyze('--format', form, '--fresh', '--threads', threads,
                                  SOURCE_DATE_EPOCH='1000000000').stdout.replace(
                                      f'"threads": {threads}', '') for threads in (1, 2)}
            self.assertEqual(len(texts), 1, form)
            if form != 'json':
                self.assertIn('2001-09-09T01:46:40Z', texts.pop())

    def test_output_for_machines_is_never_translated(self):
        for form in ('csv', 'jsonl', 'seed-csv'):
            texts = {self.analyze('--format', form, '--fresh', SOURCE_DATE_EPOCH='1000000000',
                                  LANGUAGE=language).stdout for language in ('en', '')}
            self.assertEqual(len(texts), 1, form)

    def test_columns_are_straight_in_every_language(self):
        lines = self.analyze('--format', 'table', LANGUAGE='').stdout.splitlines()
        rows = [line for line in lines[:lines.index('')] if line.startswith('  ')]
        self.assertGreater(len(rows), 2)
        # The state, a word of the language in the last column, begins where its title begins.
        self.assertEqual(len({count_columns(row[:row.rindex('  ')]) for row in rows}), 1, rows)

    def test_table_for_people_has_layers_and_summary(self):
        text = self.analyze('--format', 'table').stdout
        lines = text.splitlines()
        headings = [line for line in lines if line and not line.startswith(' ')]
        self.assertEqual(headings[:3], ['layer 0', 'layer 1', 'no layer'])
        self.assertIn('5/40', text)
        self.assertIn('Medians by block type', text)

    def test_packed_experts_are_a_row_each(self):
        rng = np.random.default_rng(1)
        name = 'model.layers.0.mlp.experts.gate_up_proj'
        packed = rng.standard_normal((3, 8, 6)).astype('f4')
        harness.write_safetensors(self.folder / 'e.safetensors', {name: ('F32', packed)})
        done = self.cli('analyze', 'e.safetensors', '--spectra', 's.npz')
        rows = self.by_name(done.stdout)
        self.assertEqual(list(rows), [f'{name}[{i}]' for i in range(3)])
        with np.load(self.folder / 's.npz') as spectra:
            for i, (key, row) in enumerate(rows.items()):
                self.assertEqual((row['expert_index'], row['shape'], row['coarse_type']),
                                 (str(i), '(8, 6)', 'moe'))
                np.testing.assert_allclose(
                    spectra[key], np.linalg.svd(packed[i].astype('f8'), compute_uv=False),
                    rtol=1e-9)

    def test_matrix_beyond_the_memory_limit_is_reported(self):
        # The Gram matrix alone takes 8 * 2900^2 bytes, 64.2 MiB.
        harness.write_safetensors(self.folder / 'big.safetensors', {
            'big': ('BF16', np.full((2900, 2900), 0x3f80)), 'small': ('F32', np.ones((4, 4)))})
        done = self.cli('analyze', 'big.safetensors', '--memory-limit', '64M', status=3)
        self.assertIn('big', done.stderr)
        rows = self.by_name(done.stdout)
        self.assertEqual((rows['big']['state'], rows['big']['rank']), ('too_large', ''))
        self.assertEqual(rows['small']['state'], 'ok')

    def test_sample_has_what_was_planted(self):
        done = self.cli('analyze', 'sample', '--quiet', '--spectra', 's.npz')
        rows = self.by_name(done.stdout)
        down = rows['model.layers.1.mlp.down_proj.weight']
        broken = rows['model.layers.3.self_attn.v_proj.weight']
        self.assertEqual((down['actual_rank'], down['rank']), ('12', '12'))
        self.assertEqual((broken['state'], broken['n_nonfinite']), ('nonfinite', '3'))
        self.assertIn('row 5, column 7', broken['note'])
        self.assertEqual(sum(row['state'] == 'nonfinite' for row in rows.values()), 1)
        self.assertEqual(rows['model.embed_tokens.weight']['block_type'], 'embedding')
        with np.load(self.folder / 's.npz') as spectra:
            # Marchenko and Pastur: 256 x 96 of standard deviation 0.02 lies between these edges,
            # give or take the fluctuation of the largest value (order q^(-2/3)).
            edge = .02 * np.sqrt(256) * np.array([1 + np.sqrt(96 / 256), 1 - np.sqrt(96 / 256)])
            sigma = spectra['model.layers.0.mlp.up_proj.weight']
            np.testing.assert_allclose(sigma[[0, -1]], edge, rtol=.06)

    def test_tensor_that_is_not_finite_is_told(self):
        sentence = ('1 tensor is not finite: lm_head.weight (1 not finite, first at row 2, '
                    'column 1)')
        for arguments in ((), ('--out', 'r.csv'), ('--format', 'json')):
            self.assertEqual(self.analyze(*arguments).stderr, f'weightscope-cli: {sentence}\n')
        self.assertEqual(self.analyze('--quiet').stderr, '')
        self.assertEqual(self.analyze('--filter', 'layer:0').stderr, '')
        self.assertIn('  lm_head.weight: not finite: 1 not finite, first at row 2, column 1\n',
                      self.analyze('--format', 'table').stdout)

    def test_first_of_several_that_are_not_finite_is_named(self):
        harness.write_safetensors(self.folder / 'n.safetensors', {
            name: ('F32', [[np.inf, 1]]) for name in ('b', 'c', 'a')})
        self.assertIn('3 tensors are not finite, the first is a (',
                      self.cli('analyze', 'n.safetensors').stderr)

    def test_unsupported_tensors_end_with_status_3(self):
        harness.write_safetensors(self.folder / 'q.safetensors', {
            'model.layers.0.mlp.up_proj.weight': ('F8_E4M3', np.zeros((4, 4))),
            'model.layers.0.mlp.down_proj.weight': ('F32', np.eye(4))})
        done = self.cli('analyze', 'q.safetensors', status=3)
        self.assertIn('model.layers.0.mlp.up_proj.weight', done.stderr)
        self.assertEqual(self.by_name(done.stdout)['model.layers.0.mlp.up_proj.weight']['state'],
                         'unsupported')

    def test_list_of_problems_is_bounded(self):
        harness.write_safetensors(self.folder / 'q.safetensors', {
            f'layers.{i}.mlp.up_proj.weight': ('F8_E4M3', np.zeros((4, 4))) for i in range(50)})
        lines = self.cli('analyze', 'q.safetensors', status=3).stderr.splitlines()
        self.assertLess(len(lines), 30)
        self.assertIn('and 30 more', lines[-1])


if __name__ == '__main__':
    harness.main()
