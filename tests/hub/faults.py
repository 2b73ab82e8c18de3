# SPDX-License-Identifier: MIT
"""What can go wrong between a server and a client, each to be switched on by name.

A fault is an object: kind, and on what it falls: path (a pattern of fnmatch on the path of the
request; on the CDN that is /ID/PATH), listener ('hub', 'cdn', 'proxy'; absent: any), method, and
offset (only an answer that carries this byte of the file). It passes over the first @skip requests
and falls on the next @times (default 1, 0: on all). Other members are the parameters of the kind.
Of the faults of one kind, and of those that give another answer, the first falls and the others wait.
A body is cut at @at bytes of it (default half), or at @offset."""
import email.utils
import fnmatch
import gzip
import json
import threading
import time

import contents
from messages import CLOSE, RESET, Repeat, Response, Span, Wait

BEFORE, INSTEAD, AFTER = {}, {}, {}


def name_of(function):
    return function.__name__.replace('_', '-')


def before(function):
    """Changes the request, before it is answered."""
    BEFORE[name_of(function)] = function
    return function


def instead(function):
    """Gives another answer."""
    INSTEAD[name_of(function)] = function
    return function


def after(function):
    """Changes the answer."""
    AFTER[name_of(function)] = function
    return function


class Faults:
    def __init__(self):
        self.lock = threading.Lock()
        self.rules = []

    def add(self, kind, **rule):
        kinds = BEFORE | INSTEAD | AFTER
        if kind not in kinds:
            raise ValueError(f'no fault is called {kind}; there are {", ".join(sorted(kinds))}')
        rule = {'times': 1, 'skip': 0, **rule, 'kind': kind, 'hits': 0}
        with self.lock:
            self.rules.append(rule)
        return rule

    def clear(self):
        with self.lock:
            self.rules = []

    def list(self):
        with self.lock:
            return [dict(rule) for rule in self.rules]

    def take(self, kinds, request, response=None):
        """The rules of @kinds that fall on this request, one of each kind, each counted."""
        taken = {}
        with self.lock:
            for rule in self.rules:
                kind = rule['kind']
                if kind not in kinds or not falls_on(rule, request, response):
                    continue
                waits = kind in taken or (kinds is INSTEAD and taken)
                if rule['skip'] > 0:
                    rule['skip'] -= 1
                elif not waits and (rule['times'] == 0 or rule['hits'] < rule['times']):
                    rule['hits'] += 1
                    taken[kind] = rule
        request.faults.extend(taken)
        return taken.items()

    def apply_before(self, request):
        for kind, rule in self.take(BEFORE, request):
            BEFORE[kind](request, rule)

    def apply_after(self, request, response):
        for kind, rule in self.take(INSTEAD, request, response):
            response = INSTEAD[kind](request, rule)
        for kind, rule in self.take(AFTER, request, response):
            AFTER[kind](request, response, rule)
        return response


def falls_on(rule, request, response):
    if rule.get('listener', request.listener) != request.listener:
        return False
    if rule.get('method', request.method) != request.method:
        return False
    if 'offset' in rule:
        span = response and response.span
        if not span or request.method == 'HEAD' or not span.start <= rule['offset'] < span.stop:
            return False
    return fnmatch.fnmatchcase(request.path, rule.get('path', '*'))


# --- what happens to a body ---

def cut(response, rule):
    """The pieces of the body before and after the place of the rule."""
    length = sum(piece.stop - piece.start for piece in response.pieces if isinstance(piece, Span))
    if 'offset' in rule:
        rest = rule['offset'] - response.span.start
    else:
        rest = min(rule.get('at', length // 2), length)
    head, tail = [], list(response.pieces)
    while tail and rest > 0:
        piece = tail.pop(0)
        if isinstance(piece, Span) and piece.stop - piece.start > rest:
            head.append(Span(piece.content, piece.start, piece.start + rest))
            tail.insert(0, Span(piece.content, piece.start + rest, piece.stop))
            break
        head.append(piece)
        rest -= piece.stop - piece.start if isinstance(piece, Span) else 0
    return head, tail


@after
def drop(_request, response, rule):
    """The connection ends in mid-body, in order (FIN)."""
    response.pieces = [*cut(response, rule)[0], CLOSE]


@after
def reset(_request, response, rule):
    """The connection breaks in mid-body (RST)."""
    response.pieces = [*cut(response, rule)[0], RESET]


@after
def truncate(_request, response, rule):
    """A body that is complete for HTTP, and shorter than the file or the range."""
    response.pieces = cut(response, rule)[0]
    response.set('Content-Length', sum(piece.stop - piece.start for piece in response.pieces))


@after
def surplus(_request, response, rule):
    """@bytes (default 1000) more than there are."""
    extra = bytes(rule.get('bytes', 1000))
    response.pieces.append(Span.of(extra))
    response.set('Content-Length', int(response.get('Content-Length')) + len(extra))


@after
def corrupt(_request, response, rule):
    """One byte is another."""
    head, tail = cut(response, rule)
    if tail:
        span = tail.pop(0)
        flipped = bytes([span.content.read(span.start, span.start + 1)[0] ^ 0x20])
        tail[:0] = [Span.of(flipped), Span(span.content, span.start + 1, span.stop)]
    response.pieces = head + tail


@after
def stall(_request, response, rule):
    """Nothing comes for @seconds, or ever (until the client goes)."""
    head, tail = cut(response, rule)
    response.pieces = [*head, Wait(rule.get('seconds')), *tail]


@after
def delay(_request, response, rule):
    """Not even the head of the answer comes for @seconds, or ever."""
    response.delay = Wait(rule.get('seconds'))


@after
def slow(_request, response, rule):
    """@rate bytes a second."""
    response.rate = rule['rate']


@after
def chunked(_request, response, _rule):
    """No Content-Length."""
    response.chunked = True


@after
def compress(_request, response, _rule):
    """gzip and a weak ETag, whether asked for or not."""
    if response.status == 200 and response.get('ETag'):
        packed = gzip.compress(b''.join(span.content.read(span.start, span.stop)
                                        for span in response.pieces))
        response.body(packed)
        response.set('Content-Encoding', 'gzip')
        response.set('ETag', 'W/' + response.get('ETag'))
        response.set('Accept-Ranges', None)


@after
def empty(_request, response, _rule):
    response.body(b'')


# --- ranges and identity ---

@before
def ignore_range(request, _rule):
    request.headers.pop('range', None)


@before
def changed(request, _rule):
    """The file is another one from here on: other bytes, other ETag."""
    request.changed = True


@after
def content_range(_request, response, rule):
    """Says that other bytes are coming: the given @value, else one byte further on."""
    if response.get('Content-Range'):
        first, last, size = response.span.start, response.span.stop - 1, response.span.content.size
        response.set('Content-Range', rule.get('value', f'bytes {first + 1}-{last + 1}/{size}'))


@after
def etag(_request, response, rule):
    """Another ETag: the given @value, else one of the right form."""
    for name in ('ETag', 'X-Linked-ETag'):
        if response.get(name):
            response.set(name, rule.get('value', '"' + '0' * (len(response.get(name)) - 2) + '"'))


@after
def weak_etag(_request, response, _rule):
    for name in ('ETag', 'X-Linked-ETag'):
        if response.get(name):
            response.set(name, 'W/' + response.get(name).removeprefix('W/'))


@after
def header(_request, response, rule):
    """@name becomes @value; null removes it."""
    response.set(rule['name'], rule['value'])


@after
def huge_headers(_request, response, rule):
    """@bytes (default 10 MB) of headers, in lines of @line."""
    line = rule.get('line', 8000)
    for number in range(rule.get('bytes', 10_000_000) // line):
        response.headers.append((f'X-Noise-{number}', 'n' * line))


# --- other answers ---

@instead
def status(_request, rule):
    """@code with @body, @headers; retry_after in seconds, or with @as_date as a date."""
    answer = Response.text(rule['code'], rule.get('body', f'{rule["code"]}: the server cannot'))
    for name, value in rule.get('headers', {}).items():
        answer.set(name, value)
    if 'retry_after' in rule:
        wait = rule['retry_after']
        answer.set('Retry-After', email.utils.formatdate(time.time() + wait, usegmt=True)
                   if rule.get('as_date') else wait)
    return answer


@instead
def rate_limit(_request, rule):
    """429 of the Hub: the quota is used up for @seconds (default 1)."""
    answer = Response.json({'error': 'Rate limit exceeded'}, 429)
    answer.set('RateLimit', f'"resolvers";r=0;t={rule.get("seconds", 1)}')
    answer.set('RateLimit-Policy', '"fixed window";"resolvers";q=3000;w=300')
    return answer


@instead
def expired(_request, _rule):
    """The CDN no longer takes the signature."""
    return Response.xml(403, 'AccessDenied', 'Request has expired')


@instead
def proxy(_request, _rule):
    answer = Response.text(407, 'Proxy Authentication Required')
    answer.set('Proxy-Authenticate', 'Basic realm="office"')
    return answer


@instead
def portal(_request, _rule):
    """The page of a captive portal, whatever was asked."""
    return Response.text(200, '<!DOCTYPE html><html><title>Welcome to the Wi-Fi</title>'
                              '<body>Please accept the terms.</body></html>', 'text/html')


@instead
def redirect(request, rule):
    """To @location, in which {hub}, {cdn}, {stranger} are base URLs and {self} is what was asked."""
    answer = Response.text(rule.get('code', 302), 'Found')
    answer.set('Location', rule['location'].format(self=request.target, **request.urls))
    return answer


@instead
def redirect_loop(request, rule):
    """To itself, or with @fresh each time to another address."""
    mark = f'{"&" if "?" in request.target else "?"}again={request.number}' if rule.get('fresh') else ''
    answer = Response.text(307, 'Temporary Redirect')
    answer.set('Location', request.target + mark)
    return answer


# --- listings ---

@after
def broken_json(_request, response, rule):
    """The document ends in the middle, or is the given @text."""
    body = b''.join(span.content.read(span.start, span.stop) for span in response.pieces)
    response.body(rule['text'].encode() if 'text' in rule else body[:len(body) // 2])


@after
def deep_json(_request, response, rule):
    """@depth (default a million) opening brackets."""
    response.body(b'[' * rule.get('depth', 1_000_000))


@after
def endless_json(_request, response, _rule):
    """An array that never closes."""
    row = json.dumps({'type': 'file', 'oid': '0' * 40, 'size': 1, 'path': 'x.json'}).encode()
    response.pieces = [Span.of(b'['), Repeat(((row + b',') * 1000)[:contents.VIEW])]
    response.chunked = True


@after
def paging(request, response, rule):
    """There is always a next page: @next is 'fresh' (a new cursor each time), 'repeat' (always the
    same) or an address as for redirect."""
    where = rule.get('next', 'fresh')
    if where in ('fresh', 'repeat'):
        mark = request.number if where == 'fresh' else 'again'
        where = '{hub}' + request.raw_path + f'?recursive=true&cursor=page-{mark}'
    response.set('Link', f'<{where.format(self=request.target, **request.urls)}>; rel="next"')
