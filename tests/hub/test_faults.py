#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each fault of the Hub of the tests is what its name says, and the server counts what it saw."""
import email.utils
import gzip
import http.client
import json
import pathlib
import shutil
import ssl
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse

import catalogue
import faults
from case import ServerTest, ask
from protocol import TOKENS
from server import Server

SERVER = pathlib.Path(__file__).with_name('server.py')
CONFIG = catalogue.CONFIG.encode()


class FaultTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.url = self.signed('org/single', 'model.safetensors')
        self.weights = self.content('org/single', 'model.safetensors').read()

    def fault(self, kind, **rule):
        self.server.faults.add(kind, **{'listener': 'cdn', **rule})

    def config(self):
        """The answer to the small file, its redirect followed."""
        return self.ask(self.ask('/org/single/resolve/main/config.json').headers['location'])


class Rules(FaultTest):
    def test_a_fault_falls_so_many_times_after_so_many_requests(self):
        self.fault('status', code=503, skip=1, times=2)
        self.assertEqual([ask(self.url).status for _ in range(5)], [200, 503, 503, 200, 200])

    def test_zero_times_is_for_ever(self):
        self.fault('status', code=503, times=0)
        self.assertEqual({ask(self.url).status for _ in range(5)}, {503})

    def test_a_fault_keeps_to_its_path_listener_and_method(self):
        self.fault('status', code=503, times=0, path='*/pytorch_model.bin')
        self.fault('status', code=504, times=0, listener='hub', method='HEAD', path='*/resolve/*')
        self.assertEqual(ask(self.url).status, 200)
        self.assertEqual(ask(self.signed('org/duplicates', 'pytorch_model.bin')).status, 503)
        self.assertEqual(self.ask('/org/single/resolve/main/config.json', 'HEAD').status, 504)

    def test_answers_wait_for_each_other(self):
        self.fault('status', code=503)
        self.fault('expired')
        self.fault('status', code=500)
        self.assertEqual([ask(self.url).status for _ in range(4)], [503, 403, 500, 200])

    def test_an_offset_finds_the_range_that_carries_it(self):
        self.fault('corrupt', offset=5000, times=0)
        for start, stop in ((0, 5000), (5001, 9000), (4000, 6000), (5000, 5001)):
            body = ask(self.url, Range=f'bytes={start}-{stop - 1}').body
            wrong = [place for place, byte in enumerate(body, start) if byte != self.weights[place]]
            self.assertEqual(wrong, [5000] if start <= 5000 < stop else [])

    def test_two_faults_fall_together(self):
        self.fault('weak-etag')
        self.fault('corrupt', at=3)
        answer = ask(self.url)
        self.assertTrue(answer.headers['etag'].startswith('W/'))
        self.assertNotEqual(answer.body[3], self.weights[3])

    def test_an_unknown_fault_is_an_error(self):
        with self.assertRaisesRegex(ValueError, 'no fault is called sloth'):
            self.server.faults.add('sloth')

    def test_every_fault_says_what_it_does_in_the_readme(self):
        readme = SERVER.with_name('README.md').read_text(encoding='utf-8')
        for kind in faults.BEFORE | faults.INSTEAD | faults.AFTER:
            self.assertIn(f'`{kind}`', readme)


class Bodies(FaultTest):
    def test_a_dropped_body_ends_in_the_middle(self):
        self.fault('drop', at=1000)
        answer = ask(self.url)
        self.assertEqual(answer.body, self.weights[:1000])
        self.assertIsInstance(answer.error, http.client.IncompleteRead)

    def test_a_reset_connection_breaks(self):
        self.fault('reset', at=1000)
        self.assertIsInstance(ask(self.url).error, ConnectionResetError)

    def test_a_truncated_body_is_complete_for_http(self):
        self.fault('truncate', at=700)
        answer = ask(self.url)
        self.assertEqual((answer.error, answer.body), (None, self.weights[:700]))

    def test_a_surplus_body_goes_on(self):
        self.fault('surplus', bytes=10)
        self.assertEqual(ask(self.url, Range='bytes=5-9').body, self.weights[5:10] + bytes(10))

    def test_a_corrupt_body_differs_in_one_byte(self):
        self.fault('corrupt')
        body = ask(self.url).body
        self.assertEqual(sum(a != b for a, b in zip(body, self.weights, strict=True)), 1)

    def test_a_stall_takes_its_time(self):
        self.fault('stall', seconds=0.2)
        start = time.monotonic()
        self.assertEqual(ask(self.url).body, self.weights)
        self.assertGreaterEqual(time.monotonic() - start, 0.2)

    def test_an_endless_stall_ends_with_the_client(self):
        for kind in ('stall', 'delay'):
            self.fault(kind)
            parts = urllib.parse.urlsplit(self.url)
            connection = http.client.HTTPConnection(parts.netloc, timeout=0.2)
            connection.request('GET', f'{parts.path}?{parts.query}')
            with self.assertRaises(TimeoutError):
                connection.getresponse().read()
            connection.close()
            self.assertTrue(self.idle('cdn'))

    def idle(self, listener):
        """Whether all connections end in time."""
        counters = self.server.counters
        with counters.changed:
            return counters.changed.wait_for(lambda: not counters.open[listener], 5)

    def test_a_slow_body_keeps_its_pace(self):
        self.fault('slow', rate=50_000)
        start = time.monotonic()
        self.assertEqual(len(ask(self.url, Range='bytes=0-9999').body), 10_000)
        self.assertGreater(time.monotonic() - start, 0.15)  # 0.2 s, less what may go at once

    def test_a_rate_holds_for_each_connection(self):
        self.server.set(cdn_rate=100_000)
        start = time.monotonic()
        threads = [threading.Thread(target=ask, args=(self.url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - start
        self.assertGreater(took, 0.15)  # 18,960 bytes each
        self.assertLess(took, 4 * 0.18)

    def test_chunked_and_empty_bodies(self):
        self.fault('chunked')
        answer = ask(self.url)
        self.assertEqual((answer.body, answer.headers.get('content-length')), (self.weights, None))
        self.fault('empty')
        self.assertEqual(ask(self.url).body, b'')

    def test_compression_makes_the_etag_weak(self):
        self.fault('compress', listener='hub', path='*resolve-cache*')
        answer = self.config()
        self.assertEqual(gzip.decompress(answer.body), CONFIG)
        self.assertTrue(answer.headers['etag'].startswith('W/"'))


class Ranges(FaultTest):
    def test_a_range_may_be_ignored(self):
        self.fault('ignore-range')
        answer = ask(self.url, Range='bytes=10-19')
        self.assertEqual((answer.status, answer.body), (200, self.weights))

    def test_a_content_range_may_be_wrong(self):
        self.fault('content-range')
        self.fault('content-range', value='bytes 0-9/*')
        size = len(self.weights)
        told = [ask(self.url, Range='bytes=10-19').headers['content-range'] for _ in range(3)]
        self.assertEqual(told, [f'bytes 11-20/{size}', 'bytes 0-9/*', f'bytes 10-19/{size}'])

    def test_a_file_changes_between_two_ranges(self):
        self.fault('changed', skip=1, times=0)
        first, second = (ask(self.url, Range='bytes=10-19') for _ in range(2))
        self.assertEqual(first.body, self.weights[10:20])
        self.assertEqual(second.body, bytes(255 - byte for byte in self.weights[10:20]))
        self.assertNotEqual(first.headers['etag'], second.headers['etag'])
        third = ask(self.url, Range='bytes=10-19', If_Range=first.headers['etag'])
        self.assertEqual(third.status, 200)

    def test_an_etag_may_be_wrong_or_weak(self):
        right = ask(self.url).headers['etag']
        self.fault('etag')
        wrong = ask(self.url).headers['etag']
        self.assertRegex(wrong, '^"[0-9a-f]{64}"$')
        self.assertNotEqual(wrong, right)
        self.fault('weak-etag', listener='hub', times=2)
        head = self.ask('/org/single/resolve/main/model.safetensors', 'HEAD')
        self.assertEqual(head.headers['x-linked-etag'], 'W/' + right)


class Answers(FaultTest):
    def test_errors_say_when_to_come_back(self):
        self.fault('status', code=429, retry_after=7)
        self.assertEqual(ask(self.url).headers['retry-after'], '7')
        self.fault('status', code=503, retry_after=60, as_date=True)
        date = email.utils.parsedate_to_datetime(ask(self.url).headers['retry-after'])
        self.assertAlmostEqual(date.timestamp(), time.time() + 60, delta=5)
        self.fault('rate-limit', seconds=55)
        answer = ask(self.url)
        self.assertEqual((answer.status, answer.headers['ratelimit']), (429, '"resolvers";r=0;t=55'))

    def test_other_refusals(self):
        for kind, status, rule in (('expired', 403, {}), ('proxy', 407, {}),
                                   ('status', 451, {'code': 451}),
                                   ('status', 416, {'code': 416}), ('status', 408, {'code': 408})):
            self.fault(kind, **rule)
            self.assertEqual(ask(self.url).status, status)

    def test_a_portal_answers_everything_with_its_page(self):
        self.fault('portal', listener='hub')
        answer = self.ask('/org/single/resolve/main/config.json', 'HEAD')
        self.assertEqual((answer.status, answer.headers['content-type']), (200, 'text/html'))
        self.assertNotIn('x-repo-commit', answer.headers)

    def test_redirects_lead_anywhere(self):
        for location, told in (('{stranger}/x', self.server.urls['stranger'] + '/x'),
                               ('file:///etc/passwd', 'file:///etc/passwd'), ('{self}', '/api/whoami-v2')):
            self.fault('redirect', listener='hub', location=location)
            self.assertEqual(self.ask('/api/whoami-v2').headers['location'], told)

    def test_loops_repeat_or_grow(self):
        self.fault('redirect-loop', listener='hub')
        self.assertEqual(self.ask('/api/x').headers['location'], '/api/x')
        self.fault('redirect-loop', listener='hub', fresh=True)
        self.assertRegex(self.ask('/api/x').headers['location'], r'^/api/x\?again=\d+$')

    def test_headers_may_be_huge(self):
        self.fault('huge-headers', bytes=80_000)
        self.assertEqual(sum(len(value) for name, value in ask(self.url).headers.items()
                             if name.startswith('x-noise')), 80_000)
        self.fault('header', name='Server', value='x')
        self.assertEqual(ask(self.url).headers['server'], 'x')

    def test_json_may_break_and_nest(self):
        tree = '/api/models/org/single/tree/main'
        self.fault('broken-json', listener='hub')
        self.assertRaises(ValueError, lambda: self.ask(tree).json)
        self.fault('deep-json', listener='hub', depth=5000)
        self.assertEqual(self.ask(tree).body, b'[' * 5000)

    def test_json_may_not_end(self):
        self.fault('endless-json', listener='hub')
        parts = urllib.parse.urlsplit(self.hub)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.request('GET', '/api/models/org/single/tree/main')
        self.assertEqual(len(connection.getresponse().read(20_000_000)), 20_000_000)
        connection.close()

    def test_pages_may_not_end(self):
        tree = '/api/models/org/single/tree/main'
        self.fault('paging', listener='hub', times=2)
        links = {self.ask(tree).headers['link'] for _ in range(2)}
        self.fault('paging', listener='hub', next='repeat', times=2)
        repeated = {self.ask(tree).headers['link'] for _ in range(2)}
        self.assertEqual((len(links), len(repeated)), (2, 1))
        self.fault('paging', listener='hub', next='{stranger}/more')
        self.assertIn(self.server.urls['stranger'] + '/more', self.ask(tree).headers['link'])


class Counting(FaultTest):
    def test_requests_bytes_and_ranges_are_counted_by_path(self):
        self.server.counters.clear()
        ask(self.url, Range='bytes=0-99')
        ask(self.url, Range='bytes=100-149')
        seen = self.server.counters.snapshot()
        path = seen['paths']['cdn:/org/single/model.safetensors']
        self.assertEqual((path['requests'], path['bytes']), (2, 150))
        self.assertEqual(path['ranges'], ['bytes=0-99', 'bytes=100-149'])
        self.assertEqual(seen['listeners']['cdn']['connections'], 2)

    def test_the_most_at_once_is_kept(self):
        self.fault('stall', times=3)
        connections = []
        for _ in range(3):
            parts = urllib.parse.urlsplit(self.url)
            connections.append(http.client.HTTPConnection(parts.netloc))
            connections[-1].request('GET', f'{parts.path}?{parts.query}')
        self.assertTrue(self.server.counters.wait('cdn', '/org/single/*', 3))
        path = self.server.counters.snapshot()['paths']['cdn:/org/single/model.safetensors']
        self.assertEqual((path['active'], path['most_active']), (3, 3))
        for connection in connections:
            connection.close()

    def test_tokens_are_counted_by_name(self):
        self.server.counters.clear()
        self.ask('/api/models/org/single', token='full')
        ask(self.server.urls['stranger'] + '/', Authorization='Bearer whatever')
        seen = self.server.counters.snapshot()
        self.assertEqual(seen['listeners']['hub']['tokens'], {'full': 1})
        self.assertEqual(seen['listeners']['stranger']['tokens'], {'unknown': 1})
        self.assertEqual(seen['tokens_leaked'], 1)

    def test_a_proxy_passes_plain_requests_on(self):
        proxy = urllib.parse.urlsplit(self.server.urls['proxy'])
        connection = http.client.HTTPConnection(proxy.netloc)
        connection.request('GET', self.hub + '/api/models/org/single')
        self.assertEqual(json.loads(connection.getresponse().read())['id'], 'org/single')
        connection.close()
        self.assertEqual(self.server.counters.snapshot()['listeners']['proxy']['requests'], 1)


class Program(unittest.TestCase):
    """The server as a child process."""

    def start(self, *options):
        child = subprocess.Popen([sys.executable, '-B', str(SERVER), *options], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        self.addCleanup(self.end, child)
        return child, json.loads(child.stdout.readline())

    def end(self, child):
        child.stdin.close()
        self.assertEqual(child.wait(10), 0)
        child.stdout.close()

    def order(self, about, method, path, value=None):
        return ask(f'{about["control"]}/_control/{path}', method, value and json.dumps(value))

    def test_it_takes_orders_and_ends_with_its_stdin(self):
        _, about = self.start('--page-size', '2')
        self.assertEqual(about['tokens'], TOKENS)
        self.order(about, 'POST', 'faults', [{'kind': 'status', 'code': 500, 'path': '/api/*'}])
        self.assertEqual([ask(about['hub'] + '/api/models').status for _ in range(2)], [500, 200])
        self.assertEqual(self.order(about, 'GET', 'faults').json[0]['hits'], 1)
        self.assertEqual([entry['status'] for entry in self.order(about, 'GET', 'log').json], [500, 200])
        self.assertTrue(self.order(about, 'GET', 'wait?listener=hub&requests=2').json)
        self.assertFalse(self.order(about, 'GET', 'wait?listener=hub&requests=3&timeout=0').json)
        self.assertIn('link', ask(about['hub'] + '/api/models').headers)

        self.order(about, 'POST', 'repositories', {'id': 'me/mine', 'files': {'a.txt': 'one'}})
        push = {'id': 'me/mine', 'files': {'a.txt': 'two'}}
        commit = self.order(about, 'POST', 'push', push).json['commit']
        self.assertEqual(ask(about['hub'] + '/api/models/me/mine').json['sha'], commit)
        self.assertEqual(self.order(about, 'GET', 'file?id=me/mine&path=a.txt').body, b'two')
        self.order(about, 'POST', 'settings', {'page_size': 100})
        self.assertNotIn('link', ask(about['hub'] + '/api/models').headers)

        self.order(about, 'POST', 'reset')
        self.assertEqual(ask(about['hub'] + '/api/models/me/mine').status, 401)
        self.assertEqual(self.order(about, 'POST', 'faults', {'kind': 'sloth'}).status, 400)
        self.assertEqual(self.order(about, 'POST', 'settings', {'sloth': 1}).status, 400)

    @unittest.skipUnless(shutil.which('openssl'), 'no openssl to make a certificate with')
    def test_tls_is_trusted_with_its_certificate_only(self):
        _, about = self.start('--tls')
        self.assertTrue(about['hub'].startswith('https://'))
        context = ssl.create_default_context(cafile=about['ca'])
        resolve = f'{about["hub"]}/org/single/resolve/main/model.safetensors'
        location = ask(resolve, context=context).headers['location']
        self.assertEqual(len(ask(location, context=context).body), int(
            ask(resolve, 'HEAD', context=context).headers['x-linked-size']))
        with self.assertRaises(ssl.SSLCertVerificationError):
            ask(resolve, context=ssl.create_default_context())
        self.check_tunnel(about, context)

    def check_tunnel(self, about, context):
        proxy, hub = (urllib.parse.urlsplit(about[name]) for name in ('proxy', 'hub'))
        self.order(about, 'POST', 'faults', {'kind': 'proxy', 'listener': 'proxy'})
        for host, port, refused in ((hub.hostname, hub.port, '407'), ('example.org', 443, '502'),
                                    (hub.hostname, hub.port, None)):
            connection = http.client.HTTPSConnection(proxy.netloc, context=context, timeout=10)
            connection.set_tunnel(host, port)
            if refused:
                with self.assertRaisesRegex(OSError, refused):
                    connection.request('GET', '/api/models/org/single')
            else:
                connection.request('GET', '/api/models/org/single')
                self.assertEqual(json.loads(connection.getresponse().read())['id'], 'org/single')
            connection.close()


class Seeds(unittest.TestCase):
    def test_contents_depend_on_the_seed_alone(self):
        def digest(seed):
            wanted = [item for item in catalogue.descriptions() if item['id'] == 'org/duplicates']
            with Server(seed, repositories=wanted) as server:
                return ask(server.urls['hub'] + '/api/models/org/duplicates/tree/main').body

        self.assertEqual(digest(1), digest(1))
        self.assertNotEqual(digest(1), digest(2))


if __name__ == '__main__':
    unittest.main()
