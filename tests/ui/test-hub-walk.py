#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""From the start page to the numbers of a model of the Hub, as a person goes: by pointer and keys,
over the end of the program and back, past a gate, and without a download.

WEIGHTSCOPE_TEST_VARIANT: light, dark, or Chinese, which is dark too; the last walks everywhere, the
other two half of the ways each, unless WEIGHTSCOPE_TEST_WHOLE is set. WEIGHTSCOPE_TEST_PICTURES: a
folder for a picture of each step."""
import contextlib
import functools
import gettext
import json
import math
import os
import pathlib
import re
import stat
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / 'hub'), str(TESTS / 'integration')]

import desktop  # noqa: E402

LACK = desktop.find_lack()
if LACK:
    print(f'1..0 # SKIP not here: {LACK}')
    sys.exit(0)

import numpy as np  # noqa: E402

import catalogue  # noqa: E402
import harness  # noqa: E402
from desktop import Desktop, wait_until  # noqa: E402
from person import (BUTTON, CHECK_BOX, LIST_ITEM, SECRET, TREE_GRID, Person,  # noqa: E402
                    Rectangle, drop_mnemonic)
from protocol import TOKENS  # noqa: E402
from server import Server  # noqa: E402

WINDOW = os.environ['WEIGHTSCOPE_WINDOW']
VARIANT = os.environ['WEIGHTSCOPE_TEST_VARIANT']
PICTURES = os.environ.get('WEIGHTSCOPE_TEST_PICTURES')
IS_WHOLE = VARIANT == 'Chinese' or 'WEIGHTSCOPE_TEST_WHOLE' in os.environ
IS_DARK, IS_CHINESE = VARIANT != 'light', VARIANT == 'Chinese'

# What bears its name everywhere.
NAMES = ('Weightscope', 'safetensors', 'gated', 'main', 'Hub', 'CPU')
WALK = 'northern-lights/aurora-0.1B'
LONG = 'a-laboratory-with-quite-a-long-name/aurora-with-a-name-that-is-longer-than-its-row-v2'
WIDTH = 256
# Rows of the layer that are not zero: each has length 1 and they are orthogonal, so this is every
# kind of rank of the matrix.
RANKS = [5, 7, 11]
N_WEIGHTS = (1000 + len(RANKS) * (WIDTH + 8192)) * WIDTH
N_WEIGHT_BYTES = 4 * N_WEIGHTS
SLOW = 80_000  # bytes a second over each connection: there is time to click


def make_translator():
    """What the program makes of a sentence; underscores of mnemonics are left out."""
    if not IS_CHINESE:
        return gettext.NullTranslations()
    return gettext.translation('weightscope', os.environ['WEIGHTSCOPE_LOCALES'], ['zh_CN'])


TRANSLATOR = make_translator()


def _(text):
    return drop_mnemonic(TRANSLATOR.gettext(text))


def count_files(n, total):
    return TRANSLATOR.ngettext('%u of %u file', '%u of %u files', total) % (n, total)


def make_repositories(folder):
    """A model of three layers in four shards, with its repetitions for other programs; one with a
    long name; a gated one."""
    known = {'model.embed_tokens.weight': ('F32', np.eye(1000, WIDTH, dtype='f4'))}
    for layer, rank in enumerate(RANKS):
        matrix = np.zeros((WIDTH, WIDTH), 'f4')
        matrix[np.arange(rank), np.arange(rank)] = 1
        known[f'model.layers.{layer}.self_attn.q_proj.weight'] = ('F32', matrix)
    harness.write_safetensors(folder / 'known', known)
    names = [f'model-{number:05}-of-00004.safetensors' for number in range(1, 5)]
    files = {**catalogue.SMALL, names[0]: {'file': str(folder / 'known')}}
    places = dict.fromkeys(known, names[0])
    for layer, name in enumerate(names[1:]):
        tensor = f'model.layers.{layer}.mlp.up_proj.weight'
        files[name] = {'tensors': {tensor: ['F32', [8192, WIDTH]]}}
        places[tensor] = name
    files['model.safetensors.index.json'] = json.dumps({'metadata': {}, 'weight_map': places})
    repeated = {'pytorch_model.bin': {'random': 300_000}, 'onnx/model.onnx': {'random': 200_000}}
    info = {'downloads': 48_213, 'tags': ['safetensors', 'license:apache-2.0'],
            'safetensors': {'parameters': {'F32': N_WEIGHTS}, 'total': N_WEIGHTS}}
    yield {'id': WALK, 'info': info, 'files': {**files, **repeated}}
    yield {'id': LONG, 'info': {'downloads': 1, 'tags': ['safetensors', 'license:apache-2.0']},
           'files': files}
    yield {'id': 'northern-lights/gated', 'gated': 'manual', 'info': {'downloads': 7},
           'files': {**catalogue.SMALL, 'model.safetensors': catalogue.TINY}}


def told(test):
    """A step that went wrong leaves what was on the screen then."""
    @functools.wraps(test)
    def walk(self):
        try:
            test(self)
        except BaseException:
            with contextlib.suppress(Exception):
                name = f'hub-walk-{VARIANT}-failed.png'
                self.person.save_picture(pathlib.Path(os.environ['G_TEST_BUILDDIR'], name))
                print('# on the screen:', *self.person.read_texts(), sep='\n#   ')
            raise
    return walk


def is_english(text):
    """A sentence or a word of ours; numbers, and names of files, models, tensors and types, are the
    same in every language."""
    words = [word for word in text.split() if word not in NAMES and not re.search('[/_.0-9]', word)]
    return not re.search('[\u3400-\u9fff]', text) and re.search('[A-Za-z]{3}', ' '.join(words))


class Walk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix='weightscope-')
        cls.addClassCleanup(scratch.cleanup)
        cls.server = Server(repositories=make_repositories(pathlib.Path(scratch.name)))
        cls.addClassCleanup(cls.server.close)

    def setUp(self):
        self.server.reset()
        self.n_pictures = 0
        env = {'HF_ENDPOINT': self.server.urls['hub']}
        if IS_CHINESE:
            env.update(harness.LOCALE_ENV, LANGUAGE='zh_CN')
        for name in ('GSETTINGS_SCHEMA_DIR', 'WEIGHTSCOPE_SAMPLE'):
            env[name] = os.environ[name]
        self.desktop = Desktop(dark=IS_DARK, **env)
        self.addCleanup(self.desktop.close)
        self.person = Person(self.desktop)
        self.addCleanup(self.person.close)
        self.start()

    def start(self):
        self.desktop.start_program(WINDOW)
        wait_until(self.person.find_program, 'the window')
        self.person.wait_for_focus('Weightscope')
        box = self.person.get_rectangle(
            self.person.see_surface(_('Get from Hugging Face…'), BUTTON))
        pixel = self.person.read_pixels(Rectangle(box.x + 6, box.y + box.height // 2, 1, 1))
        self.assertEqual(sum(pixel) < 3 * 128, IS_DARK)

    def quit(self):
        """Nothing was said on the way that is a fault of the program."""
        self.person.press('ctrl+q')
        self.desktop.wait_for_end()

    def show(self, step):
        """A step of the walk is on the screen: its picture is saved, its language is looked at."""
        self.n_pictures += 1
        if PICTURES:
            folder = pathlib.Path(PICTURES, VARIANT)
            folder.mkdir(parents=True, exist_ok=True)
            walk = self.id().rpartition('test_')[2].split('_')[0]
            self.person.save_picture(folder / f'{walk}-{self.n_pictures:02}-{step}.png')
        if IS_CHINESE:
            self.assertEqual(self.person.read_texts(wanted=is_english), [])


class HubWalk(Walk):
    def look_for(self, words):
        """In the dialog, which is about to open."""
        self.person.wait_for_focus(_('Get Model'))
        self.person.see(_('Search for a model, or paste its name or its address on the Hub.'))
        self.show('dialog')
        self.person.type(words)

    @told
    def test_found_model_is_fetched_over_a_restart_and_analysed(self):
        person = self.person
        person.see(_('Look Inside a Model'))
        self.show('start')
        person.click(_('Get from Hugging Face…'), BUTTON)
        self.look_for('auror')
        row = person.see(WALK, LIST_ITEM)
        self.show('found')
        person.click(row)
        self.choose_files()
        self.server.set(cdn_rate=SLOW)
        person.click(_('_Download'), BUTTON)
        self.pause()
        self.quit()
        self.server.set(cdn_rate=None)
        self.server.counters.clear()
        self.start()
        person.see(re.compile(re.escape(_('paused'))))
        self.show('again')
        person.click(_('Resume'), BUTTON)
        person.see(re.compile(re.escape(_('complete'))))
        self.show('complete')
        self.check_fetched()
        person.click(_('Open'), BUTTON)
        self.analyse()
        self.quit()

    def choose_files(self):
        person = self.person
        person.see_sensitive(_('_Download'), BUTTON)
        self.show('files')
        texts = person.read_texts()
        for name, reason in {'onnx/model.onnx': 'for other programs',
                             'pytorch_model.bin': 'the same weights in another format',
                             '.gitattributes': 'not needed to read the weights'}.items():
            self.assertFalse(person.see(name, CHECK_BOX).is_checked, name)
            self.assertEqual(texts[texts.index(name) + 1], _(reason))
        self.assertIn(count_files(9, 12), texts)
        # 1,024,000 + 3 * 262,144 and 3 * 8,388,608 bytes, and what is around them
        self.assertIn('27.0\u00a0MB', ' '.join(texts))
        person.click(_('Only Embeddings'))
        person.see(count_files(6, 12))
        self.show('embeddings')
        person.click(_('Weights Only'))
        person.see(count_files(9, 12))
        person.click('README.md', CHECK_BOX)
        person.click('tokenizer.json', CHECK_BOX)
        person.see(count_files(7, 12))
        person.click('tokenizer.json', CHECK_BOX)
        person.see(count_files(8, 12))
        self.show('ticked')

    def pause(self):
        """In the popover, when a part has come."""
        person = self.person
        self.assertTrue(self.server.counters.wait('cdn', '*', count=500_000, timeout=20))
        person.click(_('Downloads'), BUTTON)
        popover = person.see_surface(_('Pause All'), BUTTON)
        self.show('downloading')
        person.click(person.see(_('Pause'), BUTTON, within=popover))
        person.see(_('Resume'), BUTTON, within=popover)
        self.show('paused')
        self.assertTrue(list(self.desktop.folder.rglob('*.weightscope.part')))
        person.press('Escape')
        person.see_gone(_('Pause All'), BUTTON)

    def check_fetched(self):
        """All that was ticked and nothing else, and what had come before came once."""
        names = {path.name for path in self.desktop.folder.rglob('snapshots/*/*')}
        self.assertEqual(len(names), 8, names)
        self.assertNotIn('README.md', names)
        self.assertFalse(list(self.desktop.folder.rglob('*.weightscope.part*')))
        counters = self.server.counters.snapshot()
        self.assertLess(counters['listeners']['cdn']['bytes'], N_WEIGHT_BYTES - 400_000)

    def wait_for_server(self):
        """Which wants us to: how long is counted down, and no longer told when it is over."""
        person = self.person
        seconds = []
        wait = re.compile(re.escape(_('Waiting for the server, retry in %s')).replace('%s', '([0-9]+).*?'))

        def is_counted_down():
            told = person.find(wait)
            seconds.extend(map(int, wait.findall(told.name)) if told else ())
            return len(set(seconds)) > 1

        wait_until(is_counted_down, 'a wait that is counted down')
        self.show('waiting')
        self.assertEqual(seconds, sorted(seconds, reverse=True))
        self.assertLessEqual(max(seconds), 7)
        self.server.faults.clear()
        person.see_gone(wait)

    def analyse(self, on_the_way=lambda: None):
        person = self.person
        button = person.see_sensitive(_('Analyse'), BUTTON)
        self.show('opened')
        person.click(button)
        on_the_way()
        self.check_results()

    def check_results(self):
        """A row for each layer, with the numbers that its matrix was made for."""
        wanted = [[str(layer), 'q_proj', f'{WIDTH} × {WIDTH}', str(rank), str(math.ceil(0.9 * rank)),
                   f'{rank:#.4g}', f'{rank:#.4g}'] for layer, rank in enumerate(RANKS)]
        table = self.person.see(_('Matrices'), TREE_GRID)

        def are_there():
            texts = self.person.read_texts(table)
            return all(row in [texts[i:i + len(row)] for i in range(len(texts))] for row in wanted)

        wait_until(are_there, f'these rows: {wanted}')
        self.show('results')

    @told
    def test_window_is_closed_over_a_dialog(self):
        """By the desktop: from the pointer the dialog, which is modal, keeps it."""
        self.person.press('ctrl+comma')
        self.person.wait_for_focus(_('Preferences'))
        self.person.close_window('Weightscope')
        self.desktop.wait_for_end()

    @told
    def test_gated_model_is_fetched_with_a_token(self):
        person = self.person
        person.press('ctrl+d')
        self.look_for('gated')
        row = person.see('northern-lights/gated', LIST_ITEM)
        person.see(_('Needs approval'), within=row)
        person.click(row)
        person.see(_('This model needs approval'))
        person.see('model.safetensors', CHECK_BOX)
        self.assertFalse(person.see(_('_Download'), BUTTON).is_sensitive)
        self.assertFalse(person.see(_('_Look Inside Without Downloading'), BUTTON).is_sensitive)
        self.show('gate')
        self.enter_token('hf_nonsense')
        person.see(_('The Hub does not know this token: it is wrong, expired or revoked.'))
        self.show('refused')
        self.enter_token(TOKENS['full'])
        person.see_gone(_('This model needs approval'))
        self.show('open')
        person.click(_('_Download'), BUTTON)
        person.see(re.compile(re.escape(_('complete'))))
        self.show('complete')
        self.check_token()
        self.quit()

    def enter_token(self, token):
        self.person.enter(self.person.see(_('To_ken'), SECRET), token)
        self.person.click(_('Test'), BUTTON)

    def check_token(self):
        """There is no keyring here: it is in its file, for its owner only, and nowhere else."""
        path = self.desktop.folder / 'cache' / 'huggingface' / 'token'
        self.assertEqual(path.read_text(), TOKENS['full'])
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        for other in self.desktop.folder.rglob('*'):
            if other.is_file() and other != path:
                self.assertNotIn(TOKENS['full'].encode(), other.read_bytes(), other)
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)

    @told
    def test_remote_model_is_analysed_without_a_download(self):
        person = self.person
        person.press('ctrl+d')
        self.look_for('aurora')
        person.see(WALK, LIST_ITEM)
        person.press('Return')
        person.click(_('_Look Inside Without Downloading'), BUTTON)
        person.see_sensitive(_('Analyse'), BUTTON)
        self.server.faults.add('rate-limit', listener='cdn', seconds=6, times=0)
        self.analyse(self.wait_for_server)
        self.assertFalse(list(self.desktop.folder.rglob('blobs/*')))
        self.assertLess(self.server.counters.snapshot()['listeners']['cdn']['bytes'],
                        1.1 * N_WEIGHT_BYTES)
        self.quit()


def load_tests(_loader, tests, _pattern):
    chosen = unittest.TestSuite()
    for suite in tests:
        for test in suite:
            if IS_WHOLE or ('fetched_over' in test.id()) == (VARIANT == 'light'):
                chosen.addTest(test)
    return chosen


if __name__ == '__main__':
    harness.main()
