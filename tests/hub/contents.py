# SPDX-License-Identifier: MIT
"""Contents of files, the same in every run for a seed; nothing large is made before it is read."""
import base64
import contextlib
import functools
import hashlib
import json
import math
import pathlib
import random
import struct
import threading

VIEW = 1 << 20
BLOCK = 4 << 20
ZEROS = bytes(VIEW)
WIDTHS = {'F64': 8, 'I64': 8, 'F32': 4, 'I32': 4, 'F16': 2, 'BF16': 2, 'F8_E4M3': 1, 'I8': 1, 'U8': 1}
# The top byte of a float: two signs, finite in every format, near zero.
TOP_BYTES = bytes(b'\x3c\x3d\xbc\xbd'[byte & 3] for byte in range(256))


class Content:
    """@size bytes; views() gives any part of them, @path is a file of them where there is one."""
    path = None

    def __init__(self, size, sha256=None):
        self.size = size
        if sha256:
            self.sha256 = sha256

    def digest(self, start):
        for view in self.views(0, self.size):
            start.update(view)
        return start.hexdigest()

    @functools.cached_property
    def sha256(self):
        return self.digest(hashlib.sha256())

    @functools.cached_property
    def git_oid(self):
        return self.digest(hashlib.sha1(b'blob %d\0' % self.size))

    def views(self, start, stop):
        """The bytes from @start to @stop in pieces of at most 1 MiB."""
        raise NotImplementedError

    def read(self, start=0, stop=None):
        return b''.join(self.views(start, self.size if stop is None else stop))


class Bytes(Content):
    def __init__(self, data):
        super().__init__(len(data))
        self.data = memoryview(data)

    def views(self, start, stop):
        for begin in range(start, stop, VIEW):
            yield self.data[begin:min(begin + VIEW, stop)]


class Disk(Content):
    """A file of the machine, written by @write at the first look at its bytes."""

    def __init__(self, path, size, write=None):
        super().__init__(size)
        self.target = pathlib.Path(path)
        self.write = write
        self.lock = threading.Lock()

    @functools.cached_property
    def path(self):
        with self.lock:
            if self.write:
                with self.target.open('wb') as target:
                    for part in self.write():
                        target.write(part)
                self.write = None
        return self.target

    def views(self, start, stop):
        with self.path.open('rb') as source:
            source.seek(start)
            while start < stop:
                data = source.read(min(VIEW, stop - start))
                if not data:
                    raise EOFError(f'{self.path} became shorter')
                start += len(data)
                yield data


class Repeated(Content):
    """A head, then a block again and again; every @step bytes the number of the stretch, so that
    bytes at a wrong place show. Never in memory as a whole, nor on a disk."""

    def __init__(self, block, step, size, head=b'', sha256=None):
        super().__init__(size, sha256)
        self.block, self.step, self.head = memoryview(block), step, head

    def patches(self, start, stop):
        """(offset, bytes) of what is not from the block."""
        found = [(0, self.head)]
        for number in range(max(1, (start - 7) // self.step), (stop - 1) // self.step + 1):
            found.append((number * self.step, struct.pack('<Q', number)))
        return [(at, patch) for at, patch in found if at < stop and at + len(patch) > start]

    def views(self, start, stop):
        while start < stop:
            begin = start % len(self.block)
            view = self.block[begin:begin + min(VIEW, stop - start)]
            end = start + len(view)
            patches = self.patches(start, end)
            if patches:
                view = bytearray(view)
                for at, patch in patches:
                    low, high = max(at, start), min(at + len(patch), end)
                    view[low - start:high - start] = patch[low - at:high - at]
            yield view
            start = end


class Changed(Content):
    """Another content of the same size: every byte turned over."""
    TABLE = bytes(255 - byte for byte in range(256))

    def __init__(self, content):
        super().__init__(content.size, hashlib.sha256(b'changed' + content.sha256.encode()).hexdigest())
        self.git_oid = hashlib.sha1(content.git_oid.encode()).hexdigest()
        self.content = content

    def views(self, start, stop):
        for view in self.content.views(start, stop):
            yield bytes(view).translate(self.TABLE)


def noise(seed, size):
    return Repeated(random.Random(seed).randbytes(max(1, min(size, BLOCK))), BLOCK, size)


def weights(generator, dtype, count):
    """Bytes of @count values, finite if the dtype is a float."""
    width = WIDTHS[dtype]
    for begin in range(0, count * width, BLOCK):
        data = generator.randbytes(min(BLOCK, count * width - begin))
        if 'F' in dtype and width > 1:
            data = bytearray(data)
            data[width - 1::width] = bytes(data[width - 1::width]).translate(TOP_BYTES)
        yield data


def safetensors_head(tensors):
    """The length and header of a safetensors file, and the size of what follows."""
    header, offset = {'__metadata__': {'format': 'pt'}}, 0
    for name, (dtype, shape) in tensors.items():
        end = offset + math.prod(shape) * WIDTHS[dtype]
        header[name] = {'dtype': dtype, 'shape': shape, 'data_offsets': [offset, end]}
        offset = end
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    return struct.pack('<Q', len(text)) + text, offset


def write_safetensors(seed, head, tensors):
    generator = random.Random(seed)
    yield head
    for dtype, shape in tensors.values():
        yield from weights(generator, dtype, math.prod(shape))


def gguf(seed, tensors):
    """GGUF 3 with F32 tensors given as {name: shape}; dims are stored fastest first."""
    def text(value):
        return struct.pack('<Q', len(value.encode())) + value.encode()

    keys = {'general.architecture': 'llama', 'general.name': 'tiny'}
    head = struct.pack('<4sIQQ', b'GGUF', 3, len(tensors), len(keys) + 1)
    for key, value in keys.items():
        head += text(key) + struct.pack('<I', 8) + text(value)  # 8: string
    head += text('general.alignment') + struct.pack('<II', 4, 32)  # 4: uint32
    generator, data = random.Random(seed), b''
    for name, shape in tensors.items():
        head += text(name) + struct.pack(f'<I{len(shape)}QIQ', len(shape), *reversed(shape), 0, len(data))
        data += b''.join(weights(generator, 'F32', math.prod(shape)))
        data += bytes(-len(data) % 32)
    return head + bytes(-len(head) % 32) + data


def make(form, seed, folder):
    """The content that @form describes: a text, or an object with one of the keys text, base64,
    random (a size), tensors ({name: [dtype, shape]}), sparse (the same, all zero), gguf, file."""
    if isinstance(form, str):
        return Bytes(form.encode())
    target = pathlib.Path(folder, hashlib.sha1(seed.encode('utf-8', 'surrogateescape')).hexdigest())
    match form:
        case {'text': text}:
            return Bytes(text.encode())
        case {'base64': text}:
            return Bytes(base64.b64decode(text))
        case {'random': size}:
            return noise(seed, size)
        case {'tensors': tensors}:
            head, size = safetensors_head(tensors)
            return Disk(target, len(head) + size,
                        functools.partial(write_safetensors, seed, head, tensors))
        case {'sparse': tensors}:
            head, size = safetensors_head(tensors)
            return Repeated(ZEROS, 64 << 20, len(head) + size, head, form.get('sha256'))
        case {'gguf': tensors}:
            return Bytes(gguf(seed, tensors))
        case {'file': path}:
            return Disk(path, pathlib.Path(path).stat().st_size)
    with contextlib.suppress(TypeError):
        form = sorted(form)
    raise ValueError(f'no content is made from {form}')
