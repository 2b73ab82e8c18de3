# SPDX-License-Identifier: MIT
"""What is measured: shapes, models, and how long each of the three modes may take."""
import dataclasses

QWEN3_LAYER = (('q_proj', 4096, 2560), ('k_proj', 1024, 2560), ('v_proj', 1024, 2560),
               ('o_proj', 2560, 4096), ('gate_proj', 9728, 2560), ('up_proj', 9728, 2560),
               ('down_proj', 2560, 9728))
BERT_LAYER = (('q_proj', 768, 768), ('k_proj', 768, 768), ('v_proj', 768, 768),
              ('o_proj', 768, 768), ('up_proj', 3072, 768), ('down_proj', 768, 3072))
EXPERT = (('up_proj', 768, 2048),)
SMALL_EXPERT = (('up_proj', 64, 128),)
ADAPTER = (('lora_A', 8, 512), ('router', 16, 16))

# Up to this short side peers are also given many matrices in one call.
BATCH_SIDE = 256

QUICK_SHAPES = ((768, 768), (3072, 768), (1024, 2560))
SHAPES = QUICK_SHAPES + ((1024, 4096), (30522, 768), (4096, 2560), (9728, 2560), (2560, 9728))

# Those that can be had for a large matrix within the time of the default mode.
FAST_PEERS = ('svdvals-tall', 'sgesdd', 'cuda-svdvals', 'cuda-svdvals-gesvd', 'cuda-svd')
MODEL_PEERS = ('svdvals', 'svdvals-tall', 'svd', 'svd-tall', *FAST_PEERS)


@dataclasses.dataclass(frozen=True)
class Matrix:
    """One matrix by itself. @peers: which of them; None: all."""
    n_rows: int
    n_cols: int
    peers: tuple = None

    @property
    def name(self):
        return f'{self.n_rows}×{self.n_cols}'

    @property
    def items(self):
        return ((self.name, self.n_rows, self.n_cols),)


@dataclasses.dataclass(frozen=True)
class Model:
    """A checkpoint of @n_units times the same matrices, whole for ours. Peers take @peer_units of
    them, or as many as are begun within @peer_seconds, and their time is scaled."""
    name: str
    unit: tuple
    n_units: int
    peer_units: int
    peer_seconds: float = None
    peers: tuple = None

    @property
    def items(self):
        return tuple((f'model.layers.{layer}.{name}.weight', n_rows, n_cols)
                     for layer in range(self.n_units) for name, n_rows, n_cols in self.unit)


@dataclasses.dataclass(frozen=True)
class Plan:
    """A row is repeated up to @n_rounds times, but not begun again after @row_seconds."""
    matrices: tuple
    models: tuple
    n_rounds: int
    row_seconds: float


def small_models(peer_seconds):
    return (Model('8000 of 64×128', SMALL_EXPERT, 8000, 8000, peer_seconds),
            Model('10000 of 8×512, of 16×16', ADAPTER, 10000, 10000, peer_seconds))


def quick_plan():
    models = (Model('BERT layer', BERT_LAYER, 1, 1),
              Model('MoE, 40 experts', EXPERT, 40, 40, 2),
              Model('1000 of 64×128', SMALL_EXPERT, 1000, 1000, 2))
    return Plan(tuple(Matrix(*shape) for shape in QUICK_SHAPES), models, 3, 3)


def default_plan():
    large = (Matrix(4096, 14336, FAST_PEERS),
             Matrix(151936, 2560, ('svdvals', 'cuda-svdvals')))
    models = (Model('Qwen3-4B, 1 layer', QWEN3_LAYER, 1, 1, None, MODEL_PEERS),
              Model('Qwen3-4B, 4 layers', QWEN3_LAYER, 4, 1, None,
                    ('svdvals-tall', 'cuda-svdvals')),
              Model('MoE, 2000 experts', EXPERT, 2000, 2000, 10),
              *small_models(10))
    return Plan(tuple(Matrix(*shape) for shape in SHAPES) + large, models, 3, 30)


def full_plan():
    shapes = SHAPES + ((4096, 14336), (151936, 2560))
    models = (Model('Qwen3-4B, 1 layer', QWEN3_LAYER, 1, 1),
              Model('Qwen3-4B, 4 layers', QWEN3_LAYER, 4, 4),
              Model('MoE, 2000 experts', EXPERT, 2000, 2000), *small_models(None))
    return Plan(tuple(Matrix(*shape) for shape in shapes), models, 5, 300)


def shrink(plan, divisor):
    """The same with all sides divided, to see that everything runs."""
    def less(n):
        return max(n // divisor, 2)

    matrices = tuple(dataclasses.replace(matrix, n_rows=less(matrix.n_rows),
                                         n_cols=less(matrix.n_cols))
                     for matrix in plan.matrices)
    models = tuple(dataclasses.replace(model, unit=tuple((name, less(n_rows), less(n_cols))
                                                         for name, n_rows, n_cols in model.unit))
                   for model in plan.models)
    return dataclasses.replace(plan, matrices=matrices, models=models)


def select(plan, text):
    """Only the rows whose name contains @text."""
    return dataclasses.replace(plan, matrices=tuple(m for m in plan.matrices if text in m.name),
                               models=tuple(m for m in plan.models if text in m.name))


def count_flops(items):
    """Of the Gram matrix (the symmetric half) and of the reduction, whatever the program does."""
    total = 0.0
    for _, n_rows, n_cols in items:
        short, long = sorted((n_rows, n_cols))
        total += long * short**2 + 4 / 3 * short**3
    return total


def count_bytes(items):
    return sum(2 * n_rows * n_cols for _, n_rows, n_cols in items)
