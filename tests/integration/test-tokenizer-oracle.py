#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Vocabularies that the packages tokenizers and sentencepiece build stand for the same text here as
there, token by token.

Skipped where these are neither installed nor can be put into a virtual environment of the build
folder; TOKENIZER_ORACLE_PYTHON names a Python that has them."""
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
PACKAGES = ('tokenizers', 'sentencepiece')
DUMP = os.environ['DUMP_TOKENIZER']

# Runs in that Python: makes the vocabulary that is named in a folder, and prints for each id its
# piece, what it is decoded to behind another token, and the id of the piece. Training texts have
# several scripts, white space, characters beyond U+FFFF and those that need several tokens.
MAKE = r'''
import io, json, sys
import sentencepiece
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

kind, folder = sys.argv[1:]
TEXTS = ['The quick brown fox jumps over the lazy dog; going, gone\n\tand    there.',
         '“Größe” naïve café — 100 % of x² + y₁',
         '你好，世界。模型的权重', 'привет мир', 'مرحبا بالعالم', 'नमस्ते दुनिया',
         'emoji 🙂 👩‍👩‍👧 ☃ 𝔘𝔫𝔦', 'def f(x):\n        return {"a": [1, 2, 3]}  # \\d+\r\n'] * 40
SPECIAL = ['<|endoftext|>', '<s>', '[CLS]']
ADDED = [AddedToken('<tool call>', normalized=False), AddedToken('<unused7>', normalized=False)]
SPACE = '\u2581'


def train(tokenizer, trainer):
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_tokens(ADDED)
    tokenizer.save(folder + '/tokenizer.json')
    return tokenizer


def make_byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return train(tokenizer, trainers.BpeTrainer(
        vocab_size=700, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))


def make_byte_fallback():
    pieces = ['<unk>', '<s>'] + [f'<0x{byte:02X}>' for byte in range(256)]
    pieces += sorted({SPACE + word for text in TEXTS for word in text.split()} | set('\n\t éx你🙂'))
    vocab = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocab, [], unk_token='<unk>', byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(' ', SPACE)
    tokenizer.decoder = decoders.Sequence([decoders.Replace(SPACE, ' '), decoders.ByteFallback(),
                                           decoders.Fuse()])
    tokenizer.add_special_tokens(['<unk>', '<s>'])
    tokenizer.add_tokens(ADDED)
    tokenizer.save(folder + '/tokenizer.json')
    return tokenizer


def make_unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    return train(tokenizer, trainers.UnigramTrainer(vocab_size=300, special_tokens=SPECIAL + ['<unk>'],
                                                    unk_token='<unk>', show_progress=False))


def make_word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix='##', cleanup=False)
    return train(tokenizer, trainers.WordPieceTrainer(vocab_size=400, show_progress=False,
                                                      special_tokens=SPECIAL + ['[UNK]']))


def make_word_level():
    tokenizer = Tokenizer(models.WordLevel(unk_token='[UNK]'))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.Fuse()
    return train(tokenizer, trainers.WordLevelTrainer(special_tokens=SPECIAL + ['[UNK]'],
                                                      show_progress=False))


def describe(tokenizer):
    before = tokenizer.token_to_id('x')
    if before is None:
        before = min(id for piece, id in tokenizer.get_vocab().items() if piece.isascii() and piece.isalpha())
    start = tokenizer.decode([before], skip_special_tokens=False)
    for id in range(max(tokenizer.get_vocab().values()) + 1):
        piece = tokenizer.id_to_token(id)
        text = tokenizer.decode([before, id], skip_special_tokens=False)
        assert text.startswith(start), (text, start)
        text = text[len(start):]
        if kind == 'word_piece' and not piece.startswith('##'):
            text = text[1:] # the space that parts words
        yield piece, text, tokenizer.token_to_id(piece)


def make_sentencepiece(model_type):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS), model_writer=model, vocab_size=420, hard_vocab_limit=False,
        byte_fallback=True, model_type=model_type, user_defined_symbols=['<user>', SPACE * 2],
        minloglevel=2)
    with open(folder + '/tokenizer.model', 'wb') as file:
        file.write(model.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def describe_sentencepiece(model):
    letters = [i for i in range(model.get_piece_size()) if model.id_to_piece(i) in set('aceinorstx')]
    before = letters[0]
    for id in range(model.get_piece_size()):
        piece = model.id_to_piece(id)
        text = model.decode([before, id])[1:]
        if model.is_unknown(id) or model.is_control(id):
            text = piece # which it leaves out, or writes as " \u2047 "
        yield piece, text, model.piece_to_id(piece)


if kind.startswith('sentencepiece-'):
    rows = list(describe_sentencepiece(make_sentencepiece(kind.split('-')[1])))
else:
    rows = list(describe(globals()['make_' + kind]()))
json.dump(rows, sys.stdout)
'''


class Oracle(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix='tokenizer-')
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def compare(self, kind, name):
        """Rows of ours, all compared with the oracle's: [token kind, piece, text, label]."""
        made = subprocess.run([PYTHON, '-c', MAKE, kind, self.folder], capture_output=True, text=True,
                              timeout=100, check=False, env={**os.environ, 'PYTHONIOENCODING': 'utf-8'})
        self.assertEqual(made.returncode, 0, made.stderr)
        expected = json.loads(made.stdout)
        dump = subprocess.run([DUMP, self.folder], capture_output=True, timeout=100, check=False)
        self.assertEqual(dump.returncode, 0, dump.stderr)
        first, *lines = dump.stdout.decode().split('\n')[:-1]
        self.assertEqual(first, name)
        self.assertEqual(len(lines), len(expected))
        self.assertGreater(len(lines), 40)
        rows = []
        for id, (line, (piece, text, found)) in enumerate(zip(lines, expected)):
            token_kind, own_piece, own_text, own_found, label = line.split('\t')
            with self.subTest(id=id, piece=piece):
                own_piece, own_text = bytes.fromhex(own_piece).decode(), bytes.fromhex(own_text)
                self.assertEqual(own_piece, piece)
                self.assertEqual(own_text.decode(errors='replace'), text)
                self.assertEqual(own_found, str(found))
                self.assertTrue(label)
            rows.append((token_kind, own_piece, own_text, label))
        return rows

    def kinds(self, rows):
        return {piece: kind for kind, piece, _, _ in rows}

    def test_byte_level(self):
        rows = self.compare('byte_level', 'byte-level')
        kinds = self.kinds(rows)
        self.assertEqual(kinds['<|endoftext|>'], 'special')
        self.assertEqual(kinds['<tool call>'], 'normal')
        self.assertEqual(kinds['<unused7>'], 'unused')
        # the bytes that begin or go on a character, and those that UTF-8 has not, by themselves
        alone = {text[0] for kind, _, text, _ in rows if kind == 'byte' and len(text) == 1}
        self.assertEqual(alone, set(range(128, 256)))
        self.assertIn('Ġthe', {label for *_, label in rows})

    def test_byte_fallback(self):
        kinds = self.kinds(self.compare('byte_fallback', 'sentencepiece'))
        self.assertEqual(sum(kind == 'byte' for kind in kinds.values()), 256)
        self.assertEqual(kinds['<unk>'], 'special')

    def test_unigram(self):
        kinds = self.kinds(self.compare('unigram', 'sentencepiece'))
        self.assertEqual(kinds['[CLS]'], 'special')

    def test_word_piece(self):
        kinds = self.kinds(self.compare('word_piece', 'wordpiece'))
        self.assertEqual(kinds['[UNK]'], 'special')

    def test_word_level(self):
        self.compare('word_level', 'plain')

    def test_sentencepiece_models(self):
        for model_type in ('bpe', 'unigram'):
            kinds = self.kinds(self.compare('sentencepiece-' + model_type, 'sentencepiece'))
            self.assertEqual(sum(kind == 'byte' for kind in kinds.values()), 256)
            self.assertEqual(kinds['</s>'], 'special')
            self.assertEqual(kinds['<user>'], 'normal')


if __name__ == '__main__':
    PYTHON, REASON = peer.find('tokenizer-oracle', PACKAGES, PACKAGES, 'TOKENIZER_ORACLE_PYTHON')
    if not PYTHON:
        print(REASON)
        sys.exit(SKIPPED)
    unittest.main()
