#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""weightscope-cli inspect: what stands in the headers, in every form."""
import json
import time

import numpy as np

import harness

ODD_NAMES = ['a\nb', 'a,b', 'say "x"', '权重.weight', '=1+1', 'x' * 5000, '../up/weight', '%s%n',
             '\u202eabc']


class Inspect(harness.CliTest):
    def write_model(self):
        harness.write_safetensors(self.folder / 'm.safetensors', {
            'model.layers.1.self_attn.q_proj.weight': ('F32', np.zeros((4, 6))),
            'model.layers.0.self_attn.q_proj.weight': ('BF16', np.zeros((4, 6), 'u2')),
            'model.layers.10.mlp.down_proj.weight': ('F16', np.zeros((2, 3))),
            'model.embed_tokens.weight': ('F32', np.zeros((10, 4))),
            'model.norm.weight': ('F32', np.zeros(4)),
        })

    def test_layers_ascend_with_zero_first_and_none_last(self):
        self.write_model()
        rows = self.rows(self.cli('inspect', 'm.safetensors').stdout)
        self.assertEqual([row['layer_index'] for row in rows], ['0', '1', '10', '', ''])
        self.assertEqual(rows[-2]['param_name'], 'model.embed_tokens.weight')

    def test_cells_are_those_of_the_header(self):
        self.write_model()
        row = self.rows(self.cli('inspect', 'm.safetensors', '--format', 'csv').stdout)[0]
        self.assertEqual({key: row[key] for key in
                          ('shape', 'dtype', 'n_elements', 'n_bytes', 'block_type', 'coarse_type',
                           'file')},
                         {'shape': '(4, 6)', 'dtype': 'BF16', 'n_elements': '24', 'n_bytes': '48',
                          'block_type': 'q_proj', 'coarse_type': 'q_proj',
                          'file': 'm.safetensors'})

    def test_json_has_a_record_and_tensors(self):
        self.write_model()
        data = json.loads(self.cli('inspect', 'm.safetensors', '--format', 'json').stdout)
        self.assertEqual(set(data), {'record', 'tensors'})
        self.assertEqual(len(data['tensors']), 5)
        self.assertEqual(data['tensors'][0]['layer_index'], 0)
        self.assertIsNone(data['tensors'][4]['layer_index'])

    def test_jsonl_has_a_line_for_each_tensor(self):
        self.write_model()
        lines = self.cli('inspect', 'm.safetensors', '--format', 'jsonl').stdout.splitlines()
        self.assertEqual([json.loads(line)['n_elements'] for line in lines], [24, 24, 6, 40, 4])

    def test_form_comes_from_the_extension(self):
        self.write_model()
        self.cli('inspect', 'm.safetensors', '--out', 'r.json')
        self.assertEqual(len(json.loads((self.folder / 'r.json').read_text())['tensors']), 5)

    def test_dash_is_standard_output(self):
        self.write_model()
        plain = self.cli('inspect', 'm.safetensors').stdout
        self.assertEqual(self.cli('inspect', 'm.safetensors', '--out', '-').stdout, plain)
        self.assertFalse((self.folder / '-').exists())

    def test_table_groups_by_layer(self):
        self.write_model()
        lines = self.cli('inspect', 'm.safetensors', '--format', 'table').stdout.splitlines()
        headings = [line for line in lines if line and not line.startswith(' ')]
        self.assertEqual(headings[:4], ['layer 0', 'layer 1', 'layer 10', 'no layer'])

    def test_notes_stand_in_the_summary_only(self):
        self.write_model()  # an embedding and no output
        done = self.cli('inspect', 'm.safetensors', '--format', 'table')
        self.assertIn('tied to the embedding', done.stdout)
        self.assertEqual(done.stderr, '')
        for form in ('csv', 'json'):
            done = self.cli('inspect', 'm.safetensors', '--format', form)
            self.assertNotIn('tied', done.stdout + done.stderr)

    def test_filter_selects(self):
        self.write_model()
        rows = self.rows(self.cli('inspect', 'm.safetensors', '--filter',
                                  'type:q_proj,layer:0-3').stdout)
        self.assertEqual([row['layer_index'] for row in rows], ['0', '1'])

    def test_filter_that_matches_nothing_fails(self):
        self.write_model()
        done = self.cli('inspect', 'm.safetensors', '--filter', 'layer:77', status=1)
        self.assertIn("'layer:77'", done.stderr)

    def test_filter_on_results_is_refused(self):
        self.write_model()
        for text in ('stable_rank<3', 'type:q_proj state:ok', '!rank>5'):
            done = self.cli('inspect', 'm.safetensors', '--filter', text, status=2)
            self.assertIn(f"'{text}'", done.stderr)
            self.assertIn('use analyze', done.stderr)
            self.assertEqual(done.stdout, '')

    def test_filter_on_what_headers_tell_selects(self):
        harness.write_safetensors(self.folder / 'q.safetensors', {
            'model.layers.0.mlp.up_proj.weight': ('F8_E4M3', np.zeros((4, 4))),
            'model.layers.0.mlp.down_proj.weight': ('F32', np.eye(4))})
        for text, name in (('state:unsupported', 'up'), ('break_even_rank>1 dtype:F32', 'down')):
            rows = self.rows(self.cli('inspect', 'q.safetensors', '--filter', text).stdout)
            self.assertEqual([row['param_name'] for row in rows],
                             [f'model.layers.0.mlp.{name}_proj.weight'])

    def test_odd_names_survive_csv_and_json(self):
        harness.write_safetensors(self.folder / 'odd.safetensors',
                                  {name: ('F32', np.zeros((2, 2))) for name in ODD_NAMES})
        rows = self.rows(self.cli('inspect', 'odd.safetensors', '--format', 'csv').stdout)
        self.assertEqual({row['param_name'] for row in rows}, set(ODD_NAMES))
        data = json.loads(self.cli('inspect', 'odd.safetensors', '--format', 'json').stdout)
        self.assertEqual({row['param_name'] for row in data['tensors']}, set(ODD_NAMES))

    def test_table_shows_odd_names_on_one_line(self):
        harness.write_safetensors(self.folder / 'odd.safetensors',
                                  {name: ('F32', np.zeros((2, 2))) for name in ODD_NAMES})
        text = self.cli('inspect', 'odd.safetensors', '--format', 'table').stdout
        self.assertIn('a\\x0Ab', text)
        self.assertNotIn('\u202e', text)
        self.assertLess(max(map(len, text.splitlines())), 400)

    def test_ten_thousand_tensors_take_a_moment(self):
        harness.write_safetensors(
            self.folder / 'many.safetensors',
            {f'model.layers.{i // 100}.mlp.experts.{i % 100}.up_proj.weight':
             ('F16', np.zeros((1, 2))) for i in range(10000)})
        begin = time.monotonic()
        rows = self.rows(self.cli('inspect', 'many.safetensors').stdout)
        seconds = time.monotonic() - begin
        self.assertEqual(len(rows), 10000)
        # The aim is 0.3 s; a busy machine or a sanitizer may take longer, a quadratic step minutes.
        self.assertLess(seconds, 10)


if __name__ == '__main__':
    harness.main()
