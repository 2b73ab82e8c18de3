#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""weightscope-cli report: a folder that says what NumPy says, the same bytes for everyone."""
import html.parser
import pathlib
import re

import numpy as np

import harness

ENERGIES = (.90, .95, .99)


def energy_rank(sigma, fraction):
    energy = np.cumsum(sigma**2)
    return int(np.searchsorted(energy, fraction * energy[-1] * (1 - 1e-12)) + 1)


def read_tables(text):
    """Each table of a Markdown text as a list of rows, its header first."""
    tables, rows = [], []
    for line in [*text.splitlines(), '']:
        if line.startswith('|'):
            cells = [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]]
            if not all(set(cell) <= set('-:') for cell in cells):
                rows.append(cells)
        elif rows:
            tables.append(rows)
            rows = []
    return tables


def decimal_bytes(n):
    """As GLib tells sizes: 1.3 MB."""
    for unit, size in (('MB', 1e6), ('kB', 1e3)):
        if n >= size:
            return f'{n / size:.1f}\u00a0{unit}'
    return f'{n} bytes'


class Tags(html.parser.HTMLParser):
    """Which elements are open at the end, and what any of them refers to."""

    def __init__(self):
        super().__init__()
        self.open, self.references = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ('meta', 'img'):
            self.open.append(tag)
        self.references += [value for key, value in attrs if key in ('src', 'href')]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


class Report(harness.CliTest):
    def setUp(self):
        super().setUp()
        self.env['SOURCE_DATE_EPOCH'] = '1700000000'

    def report(self, model, out='r', **env):
        return self.cli('report', model, '--out', out, '--max-k', '4', **env)

    def write_model(self):
        rng = np.random.default_rng(3)
        weights = {}
        for layer in range(9):
            scale = np.arange(1, 25) ** -float(1 + layer % 2)
            weights[f'model.layers.{layer}.self_attn.q_proj.weight'] = (
                rng.standard_normal((40, 24)) * scale).astype('f4')
        weights['model.layers.4.self_attn.q_proj.weight'] *= 100
        weights['model.layers.0.mlp.up_proj.weight'] = np.full((4, 4), np.nan, 'f4')
        weights['model.norm.weight'] = np.ones(24, 'f4')
        harness.write_safetensors(self.folder / 'm.safetensors', {
            name: ('F32', value) for name, value in weights.items()})
        return weights

    def test_savings_are_those_of_numpy(self):
        weights = self.write_model()
        self.report('m.safetensors')
        matrices = [value.astype('f8') for name, value in weights.items() if 'q_proj' in name]
        table = next(rows for rows in read_tables((self.folder / 'r/report.md').read_text())
                     if rows[0][0] == 'Energy kept')
        now = sum(value.size * 4 for value in matrices)
        for row, energy in zip(table[1:], ENERGIES, strict=True):
            ranks = [energy_rank(np.linalg.svd(value, compute_uv=False), energy)
                     for value in matrices]
            sizes = [min(rank * (40 + 24), 40 * 24) * 4 for rank in ranks]
            n_smaller = sum(rank * (40 + 24) < 40 * 24 for rank in ranks)
            self.assertEqual(row, [
                f'{energy:.0%}'.replace('%', '\u00a0%'),
                f'{100 * np.median(ranks) / 24:.1f}\u00a0%', f'{n_smaller} of 9',
                decimal_bytes(now), decimal_bytes(sum(sizes)),
                f'{100 * (now - sum(sizes)) / now:.1f}\u00a0%'])

    def test_a_layer_a_hundred_times_as_large_stands_out(self):
        self.write_model()
        self.report('m.safetensors')
        text = (self.folder / 'r/report.md').read_text()
        section = text.split('## What stands out')[1].split('\n## ')[0]
        self.assertIn('`model.layers.4.self_attn.q_proj.weight`: largest singular value', section)

    def test_what_was_not_analysed_is_named_with_its_reason(self):
        self.write_model()
        self.report('m.safetensors')
        section = (self.folder / 'r/report.md').read_text().split('## Not analysed')[1]
        self.assertIn('1 tensor is a vector', section)
        self.assertIn('`model.layers.0.mlp.up_proj.weight`: 16 not finite', section)

    def test_few_matrices_are_said_not_to_be_compared(self):
        self.report('sample')
        section = (self.folder / 'r/report.md').read_text().split('## What stands out')[1]
        self.assertIn('nothing was asked', section.split('\n## ')[0])

    def test_layers_begin_with_0(self):
        self.write_model()
        self.report('m.safetensors')
        table = next(rows for rows in read_tables((self.folder / 'r/report.md').read_text())
                     if rows[0][0] == 'Layer')
        self.assertEqual([row[0] for row in table[1:]], [str(layer) for layer in range(9)])

    def test_html_needs_nothing_else(self):
        self.report('sample')
        tags = Tags()
        tags.feed((self.folder / 'r/report.html').read_text())
        self.assertEqual(tags.open, [])
        self.assertGreater(len(tags.references), 5)
        for reference in tags.references:
            self.assertTrue(reference.startswith('data:image/'), reference[:80])

    def test_every_figure_of_the_markdown_is_there(self):
        self.report('sample')
        figures = re.findall(r'\]\((.*?)\)', (self.folder / 'r/report.md').read_text())
        self.assertGreater(len(figures), 5)
        for name in figures:
            self.assertTrue((self.folder / 'r' / name).is_file(), name)

    def test_embedding_is_clustered_with_all_its_tokens(self):
        self.report('sample')
        text = (self.folder / 'r/report.md').read_text()
        tokens = self.rows((self.folder / 'r/embedding/tokens.csv').read_text())
        self.assertEqual([int(row['token_id']) for row in tokens], list(range(2048)))
        clusters = {row['cluster_id'] for row in tokens}
        table = next(rows for rows in read_tables(text) if rows[0][0] == 'cluster')
        sizes = [int(row[1].replace('\u2009', '')) for row in table[1:]]
        self.assertEqual(len(clusters), len(sizes))
        self.assertEqual(sum(sizes), 2048)

    def test_model_without_embedding_has_a_report_all_the_same(self):
        self.write_model()
        self.report('m.safetensors')
        section = (self.folder / 'r/report.md').read_text().split('## Embedding')[1]
        self.assertIn('Nothing was clustered: ', section.split('\n## ')[0])
        self.assertFalse((self.folder / 'r/embedding').exists())

    def read_all(self, folder):
        root = self.folder / folder
        return {str(path.relative_to(root)): path.read_bytes()
                for path in sorted(root.rglob('*')) if path.is_file()}

    def test_same_bytes_in_any_language_and_again(self):
        self.report('sample', 'a', LANGUAGE='')
        self.report('sample', 'b', LC_ALL='C', LANGUAGE='',
                    WEIGHTSCOPE_DATA=str(self.folder / 'other'))
        a, b = self.read_all('a'), self.read_all('b')
        self.assertEqual(list(a), list(b))
        for name, contents in a.items():
            self.assertEqual(contents, b[name], name)

    def test_folder_is_needed_and_must_be_writable(self):
        self.assertIn('--out', self.cli('report', 'sample', status=2).stderr)
        (self.folder / 'file').write_text('')
        self.assertIn('file', self.cli('report', 'sample', '--out', 'file/r', status=1).stderr)

    def test_options_of_analyze_that_make_no_sense_are_refused(self):
        for option, value in (('format', 'csv'), ('spectra', 's.npz')):
            said = self.cli('report', 'sample', '--out', 'r', f'--{option}', value, status=2)
            self.assertIn(option, said.stderr)
        self.assertFalse((self.folder / 'r').exists())

    def test_other_files_of_the_folder_stay(self):
        (self.folder / 'r').mkdir()
        (self.folder / 'r/mine.txt').write_text('mine')
        self.report('sample')
        self.assertEqual((self.folder / 'r/mine.txt').read_text(), 'mine')

    def test_files_of_others_are_replaced_with_force_only(self):
        """A report of one's own, and one of a model that only its weights tell from this one."""
        for folder in ('r', 'base', 'tuned'):
            (self.folder / folder).mkdir()
        (self.folder / 'r/report.html').write_text('mine')
        for folder, n in (('base', 3), ('tuned', 4)):
            harness.write_safetensors(self.folder / folder / 'm.safetensors', {
                'model.layers.0.self_attn.q_proj.weight': ('F32', np.eye(n))})
        said = self.cli('report', 'base', '--out', 'r', status=2).stderr
        self.assertIn("'r' already holds 'report.html'", said)
        self.assertIn('--force', said)
        self.assertEqual([path.name for path in (self.folder / 'r').iterdir()], ['report.html'])
        self.cli('report', 'base', '--out', 'r', '--force')
        again = self.cli('report', 'base', '--out', 'r')
        self.assertIn('what an earlier run wrote of this model into r is replaced', again.stderr)
        said = self.cli('report', 'tuned', '--out', 'r', status=2).stderr
        self.assertIn("'r' already holds 'results.json'", said)
        (self.folder / 'r/results.json').write_bytes(b'\xff{')
        self.cli('report', 'base', '--out', 'r', status=2)

    def test_hostile_names_do_not_become_markup(self):
        name = 'model.layers.0.<script>x</script>|`a`\n.weight'
        harness.write_safetensors(self.folder / 'm.safetensors', {
            name: ('F32', np.full((3, 3), np.inf, 'f4'))})
        self.report('m.safetensors')
        self.assertNotIn('<script', (self.folder / 'r/report.html').read_text())
        self.assertNotIn('\n.weight', (self.folder / 'r/report.md').read_text())


if __name__ == '__main__':
    harness.main()
