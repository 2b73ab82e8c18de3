# SPDX-License-Identifier: MIT
"""HTTP/1.1 over sockets: a thread for each connection, bodies by sendfile, at a measured pace."""
import email.utils
import http
import itertools
import os
import select
import socket
import ssl
import struct
import threading
import time

import contents
from messages import CLOSE, RESET, Repeat, Request, Span, Wait

HEAD_LIMIT = 1 << 20
LINGER_NONE = struct.pack('ii', 1, 0)  # closing sends RST


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Gone(Exception):
    """The connection is over, by the client or by a fault."""


class Listener:
    """Accepts on a free port. @server (None: nothing is counted) has counters and settings."""
    numbers = itertools.count(1)

    def __init__(self, name, host, answer, server, context=None):
        self.name, self.answer, self.server, self.context = name, answer, server, context
        self.urls = {}
        self.socket = socket.create_server(('127.0.0.1', 0), backlog=512)
        self.url = f'{"https" if context else "http"}://{host}:{self.socket.getsockname()[1]}'
        self.connections, self.lock = set(), threading.Lock()

    def start(self):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self):
        # Only shutdown wakes the thread that waits in accept.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        with self.lock:
            for client in self.connections:
                close(client)

    def count(self, step):
        if self.server:
            self.server.counters.connected(self.name, step)

    def serve(self, client):
        self.count(+1)
        try:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            with self.lock:
                self.connections.add(client)
            Connection(self, client).run()
        except (OSError, Gone):
            pass
        finally:
            with self.lock:
                self.connections.discard(client)
            close(client)
            self.count(-1)


def close(client):
    try:
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    client.close()


class Connection:
    def __init__(self, listener, client):
        self.listener, self.client, self.server = listener, client, listener.server
        self.buffer = b''
        self.due = 0.0
        self.rate = None

    def run(self):
        while True:
            request = self.read_request()
            if request is None:
                return
            if self.server:
                self.answer_counted(request)
            else:
                self.send(request, self.listener.answer(request), lambda count: None)
            if request.headers.get('connection', '').lower() == 'close':
                return

    # --- reading ---

    def receive(self):
        data = self.client.recv(65536)
        self.buffer += data
        return data

    def read_request(self):
        """The next request, or None where the client ended."""
        while b'\r\n\r\n' not in self.buffer:
            if len(self.buffer) > HEAD_LIMIT or not self.receive():
                return None
        head, _, self.buffer = self.buffer.partition(b'\r\n\r\n')
        first, *lines = head.decode('latin-1').split('\r\n')
        method, target, _ = first.split(' ', 2)
        headers = {name.strip().lower(): value.strip()
                   for name, _, value in (line.partition(':') for line in lines)}
        length = int(headers.get('content-length', 0))
        while len(self.buffer) < length:
            if not self.receive():
                return None
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Request(self.listener.name, method, target, headers, body, next(Listener.numbers),
                       self.listener.urls)

    # --- answering ---
    # Bytes are counted before they go: who has them all finds them counted.

    def answer_counted(self, request):
        settings, counters = self.server.settings, self.server.counters
        if settings['latency']:
            time.sleep(settings['latency'])
        response = self.listener.answer(request)
        entry = counters.begin(request)
        entry['status'] = response.status
        self.rate = response.rate or settings.get(f'{request.listener}_rate')
        try:
            self.send(request, response, lambda count: counters.sent(entry, count))
            if response.tunnel:
                self.relay(response.tunnel)
        finally:
            counters.end(entry)

    def send(self, request, response, count):
        if response.delay:
            self.wait(response.delay.seconds)
        if response.chunked:
            response.set('Content-Length', None)
            response.set('Transfer-Encoding', 'chunked')
        phrase = http.HTTPStatus(response.status).phrase
        lines = [f'HTTP/1.1 {response.status} {phrase}',
                 f'Date: {email.utils.formatdate(usegmt=True)}',
                 f'X-Request-Id: Root=1-{request.number:08x}',
                 *(f'{name}: {value}' for name, value in response.headers)]
        head = ('\r\n'.join(lines) + '\r\n\r\n').encode('latin-1')
        pieces = [] if request.method == 'HEAD' else response.pieces
        # A short body goes out with its head in one packet.
        if len(pieces) == 1 and isinstance(pieces[0], Span) and not (response.chunked or self.rate):
            span = pieces[0]
            if isinstance(span.content, contents.Bytes) and span.stop - span.start < 65536:
                count(span.stop - span.start)
                self.client.sendall(head + span.content.read(span.start, span.stop))
                return
        self.client.sendall(head)
        for piece in pieces:
            self.send_piece(piece, response.chunked, count)
        if response.chunked and request.method != 'HEAD':
            self.client.sendall(b'0\r\n\r\n')

    def send_piece(self, piece, chunked, count):
        if piece == RESET:
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
            self.client.close()
        if piece in (CLOSE, RESET):
            raise Gone
        if isinstance(piece, Wait):
            self.wait(piece.seconds)
        elif isinstance(piece, Repeat):
            while True:
                self.send_view(piece.data, chunked, count)
        elif piece.content.path and not (chunked or self.rate or self.listener.context):
            self.send_file(piece, count)
        else:
            for view in piece.content.views(piece.start, piece.stop):
                self.send_view(view, chunked, count)

    def wait(self, seconds):
        """For so long, or until the client goes; then the connection is over."""
        poll = select.poll()
        poll.register(self.client, select.POLLRDHUP)
        if poll.poll(None if seconds is None else seconds * 1000):
            raise Gone

    def relay(self, port):
        """Between the client and another of our listeners, until one of them ends."""
        with socket.create_connection(('127.0.0.1', port)) as other:
            ends = {self.client: other, other: self.client}
            while True:
                for ready in select.select(list(ends), [], [])[0]:
                    data = ready.recv(contents.VIEW)
                    if not data:
                        raise Gone
                    ends[ready].sendall(data)

    def send_file(self, span, count):
        with span.content.path.open('rb') as source:
            start = span.start
            while start < span.stop:
                wanted = min(contents.VIEW, span.stop - start)
                count(wanted)
                sent = os.sendfile(self.client.fileno(), source.fileno(), start, wanted)
                if not sent:
                    raise EOFError(f'{span.content.path} became shorter')
                count(sent - wanted)
                start += sent

    def send_view(self, view, chunked, count):
        view = memoryview(view)
        step = max(1, min(len(view), 1 << 18, int(self.rate / 50))) if self.rate else len(view)
        for begin in range(0, len(view), step or 1):
            part = view[begin:begin + step]
            count(len(part))
            if chunked:
                self.client.sendall(b'%x\r\n' % len(part))
            self.client.sendall(part)
            if chunked:
                self.client.sendall(b'\r\n')
            self.pace(len(part))

    def pace(self, sent):
        """Sleeps so that no more than rate bytes a second leave this connection."""
        if self.rate:
            self.due = max(self.due, time.monotonic() - 0.02) + sent / self.rate
            time.sleep(max(0.0, self.due - time.monotonic()))
