# SPDX-License-Identifier: MIT
"""Requests and answers of HTTP, and the pieces that a body is sent in."""
import dataclasses
import json
import urllib.parse

import contents


@dataclasses.dataclass
class Span:
    """Bytes from @start to @stop of a content."""
    content: contents.Content
    start: int
    stop: int

    @staticmethod
    def of(data):
        return Span(contents.Bytes(data), 0, len(data))


@dataclasses.dataclass
class Wait:
    """Nothing is sent for @seconds, or until the client goes."""
    seconds: float | None


@dataclasses.dataclass
class Repeat:
    """The same bytes until the client goes."""
    data: bytes


CLOSE, RESET = 'close', 'reset'  # how a connection ends in the middle of a body


def unquote(text):
    return urllib.parse.unquote(text, errors='surrogateescape')


def quote(text, safe='/'):
    return urllib.parse.quote(text, safe=safe, errors='surrogateescape')


class Request:
    """What a client asked: raw_path is still quoted, path is what faults and counters go by."""

    def __init__(self, listener, method, target, headers, body, number, urls):
        self.listener, self.method, self.target = listener, method, target
        self.headers, self.body, self.number, self.urls = headers, body, number, urls
        self.changed, self.faults = False, []
        self.split()

    def split(self):
        self.raw_path, _, query = self.target.partition('?')
        self.path = unquote(self.raw_path)
        self.query = urllib.parse.parse_qsl(query, keep_blank_values=True)

    def unwrap_proxy(self):
        """The name of the listener that the request to a proxy is for."""
        for name in ('hub', 'cdn'):
            if self.target.startswith(self.urls[name] + '/'):
                self.target = self.target.removeprefix(self.urls[name])
                self.split()
                return name
        return 'stranger'

    def argument(self, name, fallback=None):
        return next((value for key, value in self.query if key == name), fallback)

    def arguments(self, name):
        return [value for key, value in self.query if key in (name, name + '[]')]

    def flag(self, name):
        return self.argument(name, '').lower() in ('1', 'true')

    @property
    def token(self):
        """The token that came along, or None."""
        value = self.headers.get('authorization')
        return value and value.removeprefix('Bearer ')

    def range(self, size):
        """(start, stop) of the one range asked for; None: no range; (size, size): none of it is
        there."""
        value = self.headers.get('range', '')
        first, dash, last = value.removeprefix('bytes=').partition('-')
        if not value.startswith('bytes=') or not dash or not (first + last).isdigit():
            return None
        if not first:
            return (max(0, size - int(last)), size) if int(last) and size else (size, size)
        start, stop = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < start:
            return None
        return (start, stop) if start < size else (size, size)


class Response:
    """@span is the part of a file that the body is; @rate bytes a second at most; @tunnel is the port
    that the connection leads to from then on."""

    def __init__(self, status, pieces=(), kind='text/plain; charset=utf-8'):
        self.status, self.pieces = status, list(pieces)
        self.span = self.rate = self.delay = self.tunnel = None
        self.chunked = False
        self.headers = [('Content-Type', kind)]
        self.set('Content-Length', sum(piece.stop - piece.start for piece in self.pieces))

    @staticmethod
    def text(status, text, kind='text/plain; charset=utf-8'):
        return Response(status, [Span.of(text.encode())], kind)

    @staticmethod
    def to_tunnel(request):
        """Of a proxy to CONNECT: it leads to the hub and the content network only."""
        for name in ('hub', 'cdn'):
            if request.urls[name].endswith('//' + request.target):
                response = Response(200)
                response.set('Content-Length', None)
                response.tunnel = int(request.target.rpartition(':')[2])
                return response
        return Response.text(502, 'Bad Gateway')

    @staticmethod
    def json(value, status=200):
        # A lone surrogate becomes the escape that JSON has for it.
        body = json.dumps(value, ensure_ascii=False, separators=(',', ':'))
        return Response(status, [Span.of(body.encode('utf-8', 'backslashreplace'))],
                        'application/json; charset=utf-8')

    @staticmethod
    def xml(status, code, message):
        return Response.text(status, '<?xml version="1.0" encoding="UTF-8"?>\n<Error>'
                             f'<Code>{code}</Code><Message>{message}</Message></Error>',
                             'application/xml')

    @staticmethod
    def refusal(status, message, code=None):
        """An error as the Hub tells it."""
        response = Response.json({'error': message}, status)
        response.set('X-Error-Message', message)
        response.set('X-Error-Code', code)
        return response

    def get(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def set(self, name, value):
        """Replaces a header; None removes it."""
        self.headers = [header for header in self.headers if header[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, str(value)))

    def body(self, data):
        self.pieces, self.span = [Span.of(data)], None
        self.set('Content-Length', len(data))


def serve_content(request, content, etag):
    """The whole of a content or the range asked for, as a file server does it."""
    condition = request.headers.get('if-range')
    span = request.range(content.size)
    if condition is not None and condition != f'"{etag}"':
        span = None
    if span and span[0] == span[1]:
        response = Response.xml(416, 'InvalidRange', 'The requested range is not satisfiable')
        response.set('Content-Range', f'bytes */{content.size}')
        return response
    start, stop = span or (0, content.size)
    response = Response(206 if span else 200, [Span(content, start, stop)], 'application/octet-stream')
    response.span = Span(content, start, stop)
    if span:
        response.set('Content-Range', f'bytes {start}-{stop - 1}/{content.size}')
    response.set('ETag', f'"{etag}"')
    response.set('Accept-Ranges', 'bytes')
    return response
