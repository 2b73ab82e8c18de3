#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A peer in a process of its own: torch, torch-cuda or numpy. Warmed up once, then asked for one
row after another.

usage: peer.py NAME THREADS

Prints a line of JSON about itself, {"version": .., "blas": ..} or {"missing": reason}, then one for
each line of JSON that it reads:

    {"what": "svdvals", "tall": false, "path": FILE, "items": [[offset, rows, columns], ..],
     "unit": items of a unit, "limit": seconds or null, "values": FOLDER or null, "key": NAME,
     "batch": matrices of a shape are computed in one call, some at a time}
    {"seconds": .., "cpu_seconds": .., "peak_kb": .., "n_items": ..}

Stops before a unit that would begin after the limit. The time is from the file (BF16, in the page
cache) to the values, widening included. FOLDER gets the values of the last matrix."""
import array
import ctypes
import json
import pathlib
import re
import sys
import time

import machine

BATCH = 500  # units, of matrices of one shape


def read_status(key):
    status = pathlib.Path('/proc/self/status').read_text(encoding='ascii')
    return int(re.search(rf'{key}:\s*(\d+)', status)[1])


def describe_loaded_blas():
    """The library that is in the address space, in its own words if it is an OpenBLAS."""
    maps = pathlib.Path('/proc/self/maps').read_text(encoding='utf-8')
    for path in sorted(set(re.findall(r'\S*(?:blas|mkl_rt)\S*\.so\S*', maps))):
        library = ctypes.CDLL(path)
        for name in ('openblas_get_config', 'openblas_get_config64_',
                     'scipy_openblas_get_config', 'scipy_openblas_get_config64_'):
            if hasattr(library, name):
                function = getattr(library, name)
                function.restype = ctypes.c_char_p
                return function().decode()
        return pathlib.Path(path).name
    return 'unknown'


class NumPy:
    """In float64, as numpy computes float32 too; its values are the reference."""

    def __init__(self, _threads):
        import numpy.linalg
        self.numpy = numpy

    def describe(self):
        return {'version': f'NumPy {self.numpy.__version__}', 'blas': describe_loaded_blas()}

    def warm(self, _what):
        self.numpy.linalg.svd(self.numpy.eye(64), compute_uv=False)

    def load(self, path, offset, n_rows, n_cols):
        np = self.numpy
        stored = np.fromfile(path, '<u2', n_rows * n_cols, offset=offset)
        values = (stored.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
        return values.reshape(n_rows, n_cols)

    def compute(self, _what, tall, path, offset, n_rows, n_cols):
        values = self.load(path, offset, n_rows, n_cols)
        return self.numpy.linalg.svd(values, compute_uv=False).tolist()

    def compute_batch(self, _what, _tall, path, items):
        values = self.numpy.stack([self.load(path, *item) for item in items])
        return self.numpy.linalg.svd(values, compute_uv=False).tolist()


class Torch:
    """In float32, which is what people give it."""

    def __init__(self, threads):
        import torch
        self.torch = torch
        torch.set_num_threads(threads)

    def describe(self):
        config = re.findall(r'^\s*- (Intel.*Math Kernel Library.*?) for|BLAS_INFO=(\w+)',
                            self.torch.__config__.show(), re.M)
        blas = ', '.join(text for found in config for text in found if text)
        return {'version': f'torch {self.torch.__version__}', 'blas': blas or 'unknown'}

    def warm(self, what):
        self.svd(what, self.torch.eye(64))

    def svd(self, what, values):
        if what == 'svd':
            return self.torch.linalg.svd(values, full_matrices=False).S
        return self.torch.linalg.svdvals(values)

    def load(self, path, offset, n_rows, n_cols):
        stored = self.torch.from_file(path, shared=False, size=offset // 2 + n_rows * n_cols,
                                      dtype=self.torch.bfloat16)
        return stored[offset // 2:].reshape(n_rows, n_cols)

    def compute(self, what, tall, path, offset, n_rows, n_cols):
        values = self.load(path, offset, n_rows, n_cols).float()
        if tall and n_rows < n_cols:
            values = values.mT.contiguous()
        return self.svd(what, values).tolist()

    def compute_batch(self, what, tall, path, items):
        values = self.torch.stack([self.load(path, *item) for item in items]).float()
        if tall and values.shape[1] < values.shape[2]:
            values = values.mT.contiguous()
        return self.svd(what, values).tolist()


class TorchCuda(Torch):
    """From the file to the values, by way of the GPU; peak_kb is of the memory of the GPU."""

    def __init__(self, threads):
        super().__init__(threads)
        if not self.torch.cuda.is_available():
            raise ImportError('torch finds no GPU')

    def describe(self):
        return {**super().describe(), 'blas': f'CUDA {self.torch.version.cuda}, '
                                              f'{self.torch.cuda.get_device_name()}'}

    def warm(self, what):
        self.svd(what, self.torch.eye(64).cuda())

    def svd(self, what, values):
        if what == 'svdvals-gesvd':
            return self.torch.linalg.svdvals(values, driver='gesvd')
        return super().svd(what, values)

    def compute(self, what, tall, path, offset, n_rows, n_cols):
        return self.svd(what, self.load(path, offset, n_rows, n_cols).cuda().float()).tolist()

    def reset_peak(self):
        self.torch.cuda.reset_peak_memory_stats()

    def get_peak_kb(self):
        return self.torch.cuda.max_memory_allocated() // 1024


PEERS = {'numpy': NumPy, 'torch': Torch, 'torch-cuda': TorchCuda}


def write_values(request, sigma):
    path = pathlib.Path(request['values'], f'0.{request["key"]}')
    path.write_bytes(array.array('d', sigma).tobytes())


def compute_some(peer, request, items):
    """The values of the last of them."""
    if not request['batch']:
        return peer.compute(request['what'], request['tall'], request['path'], *items[0])
    shapes = {}
    for item in items:
        shapes.setdefault(tuple(item[1:]), []).append(item)
    for same in shapes.values():
        sigma = peer.compute_batch(request['what'], request['tall'], request['path'], same)[-1]
    return sigma


def answer(peer, request):
    on_device = isinstance(peer, TorchCuda)
    peer.warm(request['what'])
    peer.reset_peak() if on_device else machine.reset_peak()
    n_done, unit, items = 0, request['unit'], request['items']
    n_at_once = BATCH * unit if request['batch'] else 1
    start, cpu_start = time.perf_counter(), time.process_time()
    while n_done < len(items):
        late = request['limit'] and time.perf_counter() - start > request['limit']
        if late and n_done > 0 and n_done % unit == 0:
            break
        some = items[n_done:n_done + n_at_once]
        sigma = compute_some(peer, request, some)
        n_done += len(some)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    if request['values']:
        write_values(request, sigma)
    return {'seconds': seconds, 'cpu_seconds': cpu_seconds, 'n_items': n_done,
            'peak_kb': peer.get_peak_kb() if on_device else read_status('VmHWM')}


def main(name, threads):
    try:
        peer = PEERS[name](int(threads))
    except (ImportError, OSError) as error:
        print(json.dumps({'missing': str(error)}), flush=True)
        return
    print(json.dumps(peer.describe()), flush=True)
    for line in sys.stdin:
        try:
            reply = answer(peer, json.loads(line))
        except (RuntimeError, MemoryError) as error:
            reply = {'error': str(error).splitlines()[0] if str(error) else 'out of memory'}
        print(json.dumps(reply), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
