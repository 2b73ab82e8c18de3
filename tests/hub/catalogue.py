# SPDX-License-Identifier: MIT
"""The repositories that the server starts with, as descriptions."""
import json

CONFIG = json.dumps({'architectures': ['LlamaForCausalLM'], 'model_type': 'llama',
                     'hidden_size': 512, 'intermediate_size': 1024, 'num_hidden_layers': 6,
                     'num_attention_heads': 8, 'vocab_size': 1000, 'torch_dtype': 'float32'}, indent=2)
SMALL = {'config.json': CONFIG, 'README.md': '# A model\n\nMade for tests.\n',
         '.gitattributes': '*.safetensors filter=lfs diff=lfs merge=lfs -text\n',
         'tokenizer.json': '{"version":"1.0"}', 'tokenizer_config.json': '{}'}
# The title that the Hub's bot gives its pull requests.
CONVERSION = 'Adding `safetensors` variant of this model'
# Of the 4 GiB; streaming them at every start would take seconds. Checked by whoever downloads them.
HUGE_SHA256 = 'a4cd0a0087c68fd66d18f36b5038a8671bd0f9aaaf224efece8bfb838028a9ac'
TINY = {'tensors': {'model.embed_tokens.weight': ['F32', [64, 32]],
                    'model.layers.0.self_attn.q_proj.weight': ['F32', [32, 32]],
                    'model.layers.0.mlp.up_proj.weight': ['F32', [48, 32]],
                    'model.norm.weight': ['F32', [32]]}}


def layer(number):
    name = f'model.layers.{number}.'
    return {name + 'self_attn.q_proj.weight': ['F32', [512, 512]],
            name + 'self_attn.o_proj.weight': ['F32', [512, 512]],
            name + 'mlp.up_proj.weight': ['F32', [1024, 512]],
            name + 'mlp.down_proj.weight': ['F32', [512, 1024]],
            name + 'input_layernorm.weight': ['F32', [512]]}


def sharded():
    """Three shards of 12 MiB and the index."""
    files, weight_map = {**SMALL}, {}
    for shard in range(3):
        name = f'model-0000{shard + 1}-of-00003.safetensors'
        tensors = layer(2 * shard) | layer(2 * shard + 1)
        files[name] = {'tensors': tensors}
        weight_map |= dict.fromkeys(tensors, name)
    files['model.safetensors.index.json'] = json.dumps(
        {'metadata': {'total_size': 3 * 2 * (3 * 2**20 * 2 + 2048)}, 'weight_map': weight_map})
    return files


ODD_NAMES = ['with space.safetensors', '100%.safetensors', '%41.json', 'a#b.json', 'a+b.json',
             'question?.json', 'a&b=c.json', 'gewicht-ä.safetensors', '权重/模型.safetensors',
             'e\u0301.json', '😀.json', "quote'\"s.json", '[1].json', 'a;b,c.json',
             'deep/er/and/er/x.json']

HOSTILE_NAMES = [
    '../outside.safetensors', 'a/../../outside.json', '/etc/outside.json', 'C:\\outside.json',
    'C:outside.json', '\\\\server\\share\\x.json', 'a\\..\\..\\outside.json', './dot.json', 'a//b.json',
    'nul\0byte.safetensors', 'line\nfeed.json', 'escape\x1b[31m.json', 'del\x7f.json', 'c1\x85.json',
    'CON', 'aux.json', 'folder/nul.txt', 'COM1.safetensors', 'trailing.json.', 'trailing.json ',
    'bidi\u202enosj.json', 'zero\u200bwidth.json', 'Case.json', 'case.json', 'caf\u00e9.json',
    'cafe\u0301.json', 'both', 'both/file.json', '.cache/huggingface/x.json', '.git/config',
    'long' * 64 + '.json', 'd/' * 100 + 'x.json', 'lone\udcff.json', '', '..', 'stream.json:ads']


def descriptions():
    one = {'text': '{}'}
    yield {'id': 'org/single', 'info': {'downloads': 900, 'likes': 9, 'safetensors': {
               'parameters': {'F32': 4640}, 'total': 4640}},
           'files': {**SMALL, 'model.safetensors': TINY, 'empty.txt': ''},
           'revisions': {'feature/half': {'config.json': CONFIG.replace('float32', 'float16')},
                         'refs/pr/1': {'README.md': '# Proposed\n', 'tokenizer.json': None}},
           'tags': {'v1.0': 'main'}}
    yield {'id': 'org/sharded', 'info': {'downloads': 800}, 'files': sharded()}
    yield {'id': 'tiny-canonical', 'files': {**SMALL, 'model.safetensors': TINY}}
    yield {'id': 'org/duplicates', 'info': {'downloads': 700}, 'files': {
        **SMALL, 'model.safetensors': TINY, 'pytorch_model.bin': {'random': 300_000},
        'tf_model.h5': {'random': 300_000}, 'flax_model.msgpack': {'random': 300_000},
        'onnx/model.onnx': {'random': 200_000}, 'original/consolidated.00.pth': {'random': 400_000},
        'original/params.json': '{}', 'consolidated.safetensors': TINY,
        'model-Q4_K_M.gguf': {'gguf': {'blk.0.attn_q.weight': [32, 32]}}, 'modeling.py': 'pass\n'}}
    yield {'id': 'org/odd-names', 'files': {
        **SMALL, **{name: TINY if name.endswith('.safetensors') else one for name in ODD_NAMES},
        'zero.bin': {'random': 0}}}
    yield {'id': 'org/hostile', 'files': {
        **SMALL, 'model.safetensors': TINY, **dict.fromkeys(HOSTILE_NAMES, one)}}
    yield {'id': 'org/many', 'files': {
        'config.json': CONFIG, **{f'part-{number // 100:02}/{number:04}.json': f'{{"number":{number}}}'
                                  for number in range(4999)}}}
    yield {'id': 'org/huge', 'info': {'downloads': 600}, 'files': {
        'config.json': CONFIG, 'model.safetensors': {
            'sparse': {'model.embed_tokens.weight': ['F32', [32768, 32768]]}, 'sha256': HUGE_SHA256}}}
    yield {'id': 'org/matrix', 'files': {
        'config.json': CONFIG, 'model.safetensors': {
            'tensors': {'model.layers.0.self_attn.q_proj.weight': ['BF16', [8192, 8192]],
                        'model.layers.0.self_attn.k_proj.weight': ['BF16', [256, 8192]]}}}}
    yield {'id': 'org/noise', 'files': {'config.json': CONFIG, 'noise.bin': {'random': 1 << 30}}}
    yield {'id': 'org/gguf', 'files': {
        'README.md': '# GGUF\n', **{f'tiny-{kind}.gguf': {'gguf': {'blk.0.attn_q.weight': [64, 32]}}
                                   for kind in ('Q4_K_M', 'Q8_0', 'F32')}}}
    yield {'id': 'org/gated', 'gated': 'manual', 'files': {**SMALL, 'model.safetensors': TINY}}
    yield {'id': 'org/private', 'private': True, 'files': {**SMALL, 'model.safetensors': TINY}}
    yield {'id': 'org/disabled', 'disabled': True, 'files': {**SMALL, 'model.safetensors': TINY}}
    yield {'id': 'org/pickles', 'files': {**SMALL, 'pytorch_model.bin': {'random': 300_000}},
           'revisions': {'refs/pr/3': {'model.safetensors': TINY}, 'refs/pr/4': {'README.md': '#\n'}},
           'discussions': {'1': ['Where are the safetensors?', 'reader', 'open'],
                           '3': [CONVERSION, 'SFconvertbot', 'open'],
                           '4': [CONVERSION, 'stranger', 'open']}}
    yield {'id': 'org/old-name', 'moved_to': 'org/single'}

