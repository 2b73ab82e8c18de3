#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the sample model: a small language model in form, planted structure in content.

usage: make_sample.py [FOLDER]      (without one: the folder of this script)

The bytes are the same on every machine. So the random numbers are of the legacy generator of NumPy,
whose streams are frozen, and sums of products are of integers, which have no order of summation.
README.md tells what is planted where.
"""
import collections
import json
import pathlib
import struct
import sys

import numpy

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261101
N_LAYERS, HIDDEN, N_HEADS, N_KV_HEADS, HEAD_DIM, INTERMEDIATE = 4, 96, 4, 2, 32, 256
N_VOCAB = 2048
SPECIAL_TOKENS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>']
EXACT_RANK = 12
N_DIRECTIONS = (2, 4, 8, 16)  # for each layer
N_SHARDS = 2


# Tokenizer: byte-level byte pair encoding.

def byte_letters():
    """The printable letter of each byte, as GPT-2 has it: itself if printable, else from 256 on."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    others = [byte for byte in range(256) if byte not in letters]
    letters.update({byte: chr(256 + n) for n, byte in enumerate(others)})
    return letters


LETTERS = byte_letters()


def spell(word):
    return ''.join(LETTERS[byte] for byte in word.replace('_', ' ', word.startswith('_')).encode())


def read_words():
    """Returns: {spelling: group}, the first group of a word that is in several."""
    groups, group = {}, None
    for line in (HERE / 'words.txt').read_text(encoding='utf-8').splitlines():
        if line.startswith('[') and line.endswith(']') and line[1:-1].isalpha():
            group = line[1:-1]
        elif group is not None:
            for word in line.split():
                groups.setdefault(spell(word), group)
    return groups


def merge_pair(parts, pair):
    merged, i = [], 0
    while i < len(parts):
        if tuple(parts[i:i + 2]) == pair:
            merged.append(parts[i] + parts[i + 1])
            i += 2
        else:
            merged.append(parts[i])
            i += 1
    return merged


def train_merges(words, n_merges):
    """Merges the most frequent pair again and again; of equal ones the first in the alphabet."""
    parts = [list(word) for word in words]
    counts, places = collections.Counter(), collections.defaultdict(set)

    def count(index, sign):
        for pair in zip(parts[index], parts[index][1:]):
            counts[pair] += sign
            places[pair].add(index)

    for index in range(len(parts)):
        count(index, 1)
    merges = []
    for _ in range(n_merges):
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] == 0:
            break
        merges.append(best)
        for index in sorted(places.pop(best)):
            count(index, -1)
            parts[index] = merge_pair(parts[index], best)
            count(index, 1)
        counts = +counts
    return merges


def make_tokens(words):
    """Returns: (tokens in the order of their numbers, merges)."""
    tokens = sorted(LETTERS.values())
    merges = train_merges(words, N_VOCAB - len(tokens) - len(SPECIAL_TOKENS))
    # Two pairs may give one piece; it has one number.
    tokens += dict.fromkeys(left + right for left, right in merges)
    return tokens + SPECIAL_TOKENS, merges


def tokenizer_json(tokens, merges):
    n_plain = len(tokens) - len(SPECIAL_TOKENS)
    byte_level = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}
    added = [{'id': n_plain + n, 'content': token, 'single_word': False, 'lstrip': False,
              'rstrip': False, 'normalized': False, 'special': True}
             for n, token in enumerate(SPECIAL_TOKENS)]
    return {'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': added,
            'normalizer': {'type': 'NFC'}, 'pre_tokenizer': byte_level, 'post_processor': byte_level,
            'decoder': byte_level,
            'model': {'type': 'BPE', 'dropout': None, 'unk_token': None,
                      'continuing_subword_prefix': None, 'end_of_word_suffix': None,
                      'fuse_unk': False, 'byte_fallback': False,
                      'vocab': {token: number for number, token in enumerate(tokens[:n_plain])},
                      'merges': [f'{left} {right}' for left, right in merges]}}


# Weights.

def to_bf16(values):
    """The nearest bfloat16 of each, ties to even, as uint16. NaN becomes the quiet one."""
    bits = values.astype('<f4').view('<u4').astype(numpy.uint64)
    rounded = ((bits + 0x7fff + ((bits >> 16) & 1)) >> 16).astype('<u2')
    return numpy.where(numpy.isnan(values), numpy.uint16(0x7fc0), rounded).astype('<u2')


def noise(random, shape, scale):
    return random.standard_normal(shape) * scale


def trained(random, shape, n_directions):
    """Noise, and a few directions whose strengths fall like 1/sqrt(i): what training leaves."""
    n_rows, n_columns = shape
    strengths = (64 / numpy.sqrt(numpy.arange(1, n_directions + 1))).astype(int)
    left = random.randint(-8, 9, (n_rows, n_directions)) * strengths
    right = random.randint(-8, 9, (n_directions, n_columns))
    return (left @ right) * 2.0 ** -17 + noise(random, shape, 0.01)


def exactly_low_rank(random, shape):
    """Small integers, divided by 64: at most 36/64, so bfloat16 holds every entry exactly."""
    left = random.randint(-3, 4, (shape[0], EXACT_RANK))
    right = random.randint(-1, 2, (EXACT_RANK, shape[1]))
    product = left @ right
    assert numpy.linalg.matrix_rank(product) == EXACT_RANK
    return product / 64.0


def heavy_tailed(random, shape):
    return random.standard_t(2.5, shape) * 0.02


def with_three_non_finite(random, shape):
    values = trained(random, shape, N_DIRECTIONS[3])
    values[5, 7] = values[40, 80] = numpy.nan
    values[23, 11] = numpy.inf
    return values


def group_of(token, words):
    if token in words:
        return words[token]
    if len(token) == 1 and token.isdigit():
        return 'numbers'
    if len(token) == 1 and token.isascii() and not token.isalnum():
        return 'punctuation'
    return 'pieces'


def embedding(random, tokens, words):
    """Each group around its own centre: centres are 0.8 apart, members 0.2 from theirs."""
    groups = [group_of(token, words) for token in tokens]
    names = sorted(set(groups))
    centres = noise(random, (len(names), HIDDEN), 0.06)
    return centres[[names.index(group) for group in groups]] + noise(random, (len(tokens), HIDDEN), 0.02)


def layer_weights(random, layer):
    queries, keys = N_HEADS * HEAD_DIM, N_KV_HEADS * HEAD_DIM
    shapes = {'self_attn.q_proj': (queries, HIDDEN), 'self_attn.k_proj': (keys, HIDDEN),
              'self_attn.v_proj': (keys, HIDDEN), 'self_attn.o_proj': (HIDDEN, queries),
              'mlp.gate_proj': (INTERMEDIATE, HIDDEN), 'mlp.up_proj': (INTERMEDIATE, HIDDEN),
              'mlp.down_proj': (HIDDEN, INTERMEDIATE)}
    planted = {(0, 'mlp.up_proj'): lambda r, shape: noise(r, shape, 0.02),
               (1, 'mlp.down_proj'): exactly_low_rank,
               (2, 'self_attn.o_proj'): heavy_tailed,
               (3, 'self_attn.v_proj'): with_three_non_finite}
    weights = {}
    for name, size in {'input_layernorm': HIDDEN, 'post_attention_layernorm': HIDDEN,
                       'self_attn.q_norm': HEAD_DIM, 'self_attn.k_norm': HEAD_DIM}.items():
        weights[name] = 1 + noise(random, size, 0.1)
    for name, shape in shapes.items():
        make = planted.get((layer, name), lambda r, s: trained(r, s, N_DIRECTIONS[layer]))
        weights[name] = make(random, shape)
    return {f'model.layers.{layer}.{name}.weight': values for name, values in weights.items()}


def make_weights(tokens, words):
    random = numpy.random.RandomState(SEED)
    weights = {'model.embed_tokens.weight': embedding(random, tokens, words)}
    for layer in range(N_LAYERS):
        weights.update(layer_weights(random, layer))
    weights['model.norm.weight'] = 1 + noise(random, HIDDEN, 0.1)
    return {name: to_bf16(numpy.asarray(values)) for name, values in weights.items()}


# Files.

def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + '\n', encoding='utf-8')


def write_safetensors(path, weights):
    header, offset = {'__metadata__': {'format': 'pt'}}, 0
    for name, values in weights.items():
        header[name] = {'dtype': 'BF16', 'shape': list(values.shape),
                        'data_offsets': [offset, offset + values.nbytes]}
        offset += values.nbytes
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for values in weights.values():
            file.write(values.tobytes())


def shard_of(name):
    layer = name.split('.')[2] if name.startswith('model.layers.') else None
    if layer is None:
        return 1 if name == 'model.embed_tokens.weight' else N_SHARDS
    return 1 + int(layer) * N_SHARDS // N_LAYERS


def write_model(folder, weights):
    weight_map = {name: f'model-{shard_of(name):05}-of-{N_SHARDS:05}.safetensors' for name in weights}
    for file in sorted(set(weight_map.values())):
        write_safetensors(folder / file, {n: v for n, v in weights.items() if weight_map[n] == file})
    total = sum(values.nbytes for values in weights.values())
    write_json(folder / 'model.safetensors.index.json',
               {'metadata': {'total_size': total}, 'weight_map': dict(sorted(weight_map.items()))})


def config():
    return {'architectures': ['Qwen3ForCausalLM'], 'attention_bias': False, 'attention_dropout': 0.0,
            'bos_token_id': N_VOCAB - 3, 'eos_token_id': N_VOCAB - 1, 'head_dim': HEAD_DIM,
            'hidden_act': 'silu', 'hidden_size': HIDDEN, 'initializer_range': 0.02,
            'intermediate_size': INTERMEDIATE, 'max_position_embeddings': 4096, 'model_type': 'qwen3',
            'num_attention_heads': N_HEADS, 'num_hidden_layers': N_LAYERS,
            'num_key_value_heads': N_KV_HEADS, 'rms_norm_eps': 1e-06, 'rope_scaling': None,
            'rope_theta': 1000000, 'sliding_window': None, 'tie_word_embeddings': True,
            'torch_dtype': 'bfloat16', 'use_cache': True, 'use_sliding_window': False,
            'vocab_size': N_VOCAB}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    words = read_words()
    tokens, merges = make_tokens(words)
    assert len(tokens) == N_VOCAB, f'{len(tokens)} tokens, not {N_VOCAB}: edit words.txt'
    write_model(folder, make_weights(tokens, words))
    write_json(folder / 'config.json', config())
    write_json(folder / 'tokenizer.json', tokenizer_json(tokens, merges))


if __name__ == '__main__':
    main()
