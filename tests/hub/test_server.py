#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Hub of the tests speaks the protocol when nothing is wrong."""
import hashlib
import json
import re
import unittest
import urllib.parse

import messages
from case import ServerTest, ask
from protocol import TOKENS


class Api(ServerTest):
    def test_info_names_the_commit_of_a_revision(self):
        main = self.ask('/api/models/org/single').json
        self.assertRegex(main['sha'], '^[0-9a-f]{40}$')
        for revision, same in (('main', True), ('v1.0', True), ('refs%2Fpr%2F1', False),
                               ('feature%2Fhalf', False), (main['sha'], True)):
            info = self.ask(f'/api/models/org/single/revision/{revision}').json
            self.assertEqual(info['sha'] == main['sha'], same, revision)
        self.check_refusal(self.ask('/api/models/org/single/revision/nope'), 404, 'RevisionNotFound')

    def test_a_revision_with_slashes_has_to_be_quoted(self):
        self.assertEqual(self.ask('/api/models/org/single/tree/refs/pr/1').status, 404)
        paths = [row['path'] for row in self.ask('/api/models/org/single/tree/refs%2Fpr%2F1').json]
        self.assertNotIn('tokenizer.json', paths)

    def test_sizes_of_siblings_come_with_blobs_only(self):
        plain = self.ask('/api/models/org/single').json['siblings']
        self.assertEqual({tuple(sibling) for sibling in plain}, {('rfilename',)})
        full = {sibling['rfilename']: sibling
                for sibling in self.ask('/api/models/org/single?blobs=true').json['siblings']}
        self.assertNotIn('lfs', full['config.json'])
        self.assertEqual(full['model.safetensors']['lfs']['size'], full['model.safetensors']['size'])

    def test_an_id_may_have_no_owner(self):
        self.assertEqual(self.ask('/api/models/tiny-canonical').json['id'], 'tiny-canonical')
        answer = self.ask('/tiny-canonical/resolve/main/config.json', 'HEAD')
        self.assertEqual(answer.status, 307)
        self.assertEqual(self.ask(answer.headers['location']).status, 200)

    def test_tree_tells_hashes_and_sizes(self):
        rows = self.tree('org/single')
        config = self.content('org/single', 'config.json').read()
        self.assertEqual(rows['config.json']['oid'],
                         hashlib.sha1(b'blob %d\0' % len(config) + config).hexdigest())
        weights = self.content('org/single', 'model.safetensors').read()
        row = rows['model.safetensors']
        self.assertEqual(row['lfs']['oid'], hashlib.sha256(weights).hexdigest())
        self.assertEqual(row['size'], len(weights))
        pointer = self.ask('/org/single/raw/main/model.safetensors').body
        self.assertEqual(row['oid'], hashlib.sha1(b'blob %d\0' % len(pointer) + pointer).hexdigest())
        self.assertEqual(row['lfs']['pointerSize'], len(pointer))

    def test_tree_without_recursion_stops_at_directories(self):
        rows = self.tree('org/duplicates', query='')
        self.assertEqual(rows['original']['type'], 'directory')
        self.assertNotIn('original/params.json', rows)
        below = self.ask('/api/models/org/duplicates/tree/main/original').json
        self.assertEqual([row['path'] for row in below],
                         ['original/consolidated.00.pth', 'original/params.json'])

    def test_pages_together_are_the_whole_tree(self):
        paths, pages, path = [], 0, '/api/models/org/many/tree/main?recursive=true&expand=false'
        while path:
            answer = self.ask(path)
            paths += [row['path'] for row in answer.json if row['type'] == 'file']
            link = re.fullmatch(r'<(.*)>; rel="next"', answer.headers.get('link', ''))
            path, pages = link and link[1].removeprefix(self.hub), pages + 1
        self.assertEqual((len(paths), len(set(paths))), (5000, 5000))
        self.assertEqual(pages, 6)  # 5,000 files and 50 directories, 1,000 a page

    def test_a_mirror_may_link_to_the_official_address(self):
        self.server.set(page_size=2, link_url='https://huggingface.co')
        link = self.ask('/api/models/org/single/tree/main').headers['link']
        self.assertTrue(link.startswith('<https://huggingface.co/api/models/org/single/tree/main?'))

    def test_refs_name_branches_tags_and_pulls(self):
        refs = self.ask('/api/models/org/single/refs?include_prs=1').json
        self.assertEqual([branch['name'] for branch in refs['branches']], ['main', 'feature/half'])
        self.assertEqual(refs['tags'][0]['targetCommit'], refs['branches'][0]['targetCommit'])
        self.assertEqual(refs['pullRequests'][0]['ref'], 'refs/pr/1')
        self.assertNotIn('pullRequests', self.ask('/api/models/org/single/refs').json)

    def test_paths_info_gives_rows_of_the_named_files(self):
        body = urllib.parse.urlencode([('paths', 'config.json'), ('paths', 'nope'), ('expand', 'false')])
        rows = self.ask('/api/models/org/single/paths-info/main', 'POST', body=body).json
        self.assertEqual([row['path'] for row in rows], ['config.json'])

    def test_search_sorts_and_shows_what_is_asked_for(self):
        rows = self.ask('/api/models?search=OR&sort=downloads&direction=-1&limit=3'
                        '&expand=downloads&expand=gated').json
        self.assertEqual([row['id'] for row in rows], ['org/single', 'org/sharded', 'org/duplicates'])
        self.assertEqual(set(rows[0]), {'_id', 'id', 'downloads', 'gated'})

    def test_search_hides_private_models(self):
        ids = {row['id'] for row in self.ask('/api/models?author=org&limit=100').json}
        self.assertIn('org/gated', ids)
        self.assertNotIn('org/private', ids)

    def test_names_survive_the_listing(self):
        paths = self.tree('org/hostile').keys()
        self.assertLessEqual({'nul\0byte.safetensors', '../outside.safetensors', 'both', 'both/file.json',
                              'lone\udcff.json', 'caf\u00e9.json', 'cafe\u0301.json'}, paths)
        self.assertIn(rb'nul\u0000byte', self.ask('/api/models/org/hostile/tree/main').body)

    def test_a_push_moves_the_branch(self):
        before = self.ask('/api/models/org/single').json['sha']
        repository = self.server.protocol.repositories['org/single']
        commit = repository.push('main', {'config.json': '{"a":1}'})
        self.assertEqual(self.ask('/api/models/org/single').json['sha'], commit)
        self.assertNotEqual(before, commit)
        old = self.ask(f'/api/resolve-cache/models/org/single/{before}/config.json')
        self.assertNotEqual(old.body, b'{"a":1}')


class Access(ServerTest):
    def test_a_missing_repository_looks_private_to_strangers(self):
        for name in ('org/nope', 'org/private'):
            self.check_refusal(self.ask(f'/api/models/{name}'), 401)
            self.check_refusal(self.ask(f'/api/models/{name}', token='limited'), 404, 'RepoNotFound')
        self.assertEqual(self.ask('/api/models/org/private', token='full').status, 200)

    def test_a_gated_repository_shows_its_tree_and_keeps_its_files(self):
        self.assertEqual(self.ask('/api/models/org/gated/tree/main').status, 200)
        for path in ('/org/gated/resolve/main/config.json', '/api/models/org/gated/auth-check'):
            self.check_refusal(self.ask(path), 401, 'GatedRepo', 'Please log in')
            self.check_refusal(self.ask(path, token='unlisted'), 403, 'GatedRepo', 'authorized list')
            self.check_refusal(self.ask(path, token='limited'), 403, None, 'fine-grained')
            self.assertLess(self.ask(path, token='full').status, 400)

    def test_a_revoked_token_breaks_public_models_too(self):
        for path in ('/api/models/org/single', '/org/single/resolve/main/config.json', '/api/whoami-v2'):
            self.check_refusal(self.ask(path, token='revoked'), 401, None,
                               'Invalid credentials in Authorization header')

    def test_whoami_tells_the_role(self):
        self.assertEqual(self.ask('/api/whoami-v2', token='full').json['name'], 'full')
        self.assertEqual(self.ask('/api/whoami-v2', token='limited').json['auth']['accessToken']['role'],
                         'fineGrained')
        self.assertEqual(self.ask('/api/whoami-v2').status, 401)

    def test_a_disabled_repository_is_refused(self):
        self.check_refusal(self.ask('/api/models/org/disabled', token='full'), 403, None,
                           'Access to this resource is disabled.')

    def test_a_renamed_repository_redirects_relatively(self):
        for path in ('/api/models/{}/tree/main?recursive=true', '/{}/resolve/main/config.json'):
            answer = self.ask(path.format('org/old-name'))
            self.assertEqual((answer.status, answer.headers['location']), (307, path.format('org/single')))


class Files(ServerTest):
    def test_a_git_file_is_a_relative_redirect_with_another_length(self):
        answer = self.ask('/org/single/resolve/main/config.json', 'HEAD')
        commit = self.ask('/api/models/org/single').json['sha']
        content = self.content('org/single', 'config.json')
        self.assertEqual(answer.status, 307)
        self.assertEqual(answer.headers['x-repo-commit'], commit)
        self.assertTrue(answer.headers['location'].startswith(
            f'/api/resolve-cache/models/org/single/{commit}/config.json?'))
        self.assertNotEqual(int(answer.headers['content-length']), content.size)
        file = self.ask(answer.headers['location'])
        self.assertEqual((file.status, file.body), (200, content.read()))
        self.assertEqual(file.headers['etag'], f'"{content.git_oid}"')
        self.assertEqual(file.headers['x-repo-commit'], commit)

    def test_an_lfs_file_is_on_another_host(self):
        answer = self.ask('/org/single/resolve/main/model.safetensors', 'HEAD')
        content = self.content('org/single', 'model.safetensors')
        self.assertEqual(answer.status, 302)
        self.assertEqual(answer.headers['x-linked-etag'], f'"{content.sha256}"')
        self.assertEqual(int(answer.headers['x-linked-size']), content.size)
        self.assertIn('rel="xet-auth"', answer.headers['link'])
        location = urllib.parse.urlsplit(answer.headers['location'])
        self.assertNotEqual(location.hostname, urllib.parse.urlsplit(self.hub).hostname)
        file = ask(answer.headers['location'])
        self.assertEqual((file.status, file.body), (200, content.read()))
        self.assertEqual(file.headers['etag'], f'"{content.sha256}"')

    def test_every_name_can_be_fetched(self):
        for name in ('org/odd-names', 'org/hostile'):
            commit = self.ask(f'/api/models/{name}').json['sha']
            for row in self.tree(name).values():
                if row['type'] == 'file' and row['path']:
                    answer = self.ask(f'/{name}/resolve/{commit}/{messages.quote(row["path"])}')
                    url = urllib.parse.urljoin(self.hub, answer.headers['location'])
                    # urljoin takes '..' away from what was quoted as it stands.
                    if '..' not in row['path'] and '/.' not in '/' + row['path']:
                        self.assertEqual(len(ask(url).body), row['size'], row['path'])

    def test_ranges_are_answered_as_asked(self):
        url, data = self.signed('org/single', 'model.safetensors'), self.content(
            'org/single', 'model.safetensors').read()
        size = len(data)
        for asked, start, stop in (('0-0', 0, 1), ('100-199', 100, 200), (f'{size - 5}-', size - 5, size),
                                   ('-7', size - 7, size), (f'100-{size + 50}', 100, size)):
            answer = ask(url, Range=f'bytes={asked}')
            self.assertEqual((answer.status, answer.body), (206, data[start:stop]), asked)
            self.assertEqual(answer.headers['content-range'], f'bytes {start}-{stop - 1}/{size}')
        beyond = ask(url, Range=f'bytes={size}-')
        self.assertEqual((beyond.status, beyond.headers['content-range']), (416, f'bytes */{size}'))
        self.assertEqual(ask(url, Range='lines=1-2').status, 200)

    def test_an_empty_file_has_no_range(self):
        url = self.signed('org/odd-names', 'zero.bin')
        self.assertEqual(ask(url, Range='bytes=0-').status, 416)
        self.assertEqual((ask(url).status, ask(url).body), (200, b''))

    def test_if_range_needs_the_strong_etag(self):
        url = self.signed('org/single', 'model.safetensors')
        etag = f'"{self.content("org/single", "model.safetensors").sha256}"'
        for condition, status in ((etag, 206), ('W/' + etag, 200), ('"other"', 200)):
            self.assertEqual(ask(url, Range='bytes=0-9', If_Range=condition).status, status)

    def test_a_token_on_the_content_network_is_refused_and_counted(self):
        url = self.signed('org/single', 'model.safetensors')
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 0)
        answer = ask(url, Authorization='Bearer ' + TOKENS['full'])
        self.assertEqual(answer.status, 400)
        self.assertIn(b'Only one auth mechanism allowed', answer.body)
        self.assertEqual(self.server.counters.snapshot()['tokens_leaked'], 1)

    def test_a_signature_expires(self):
        self.server.set(sign_ttl=-1)
        answer = ask(self.signed('org/single', 'model.safetensors'))
        self.assertEqual(answer.status, 403)
        self.assertIn(b'<Code>AccessDenied</Code>', answer.body)

    def test_a_signature_holds_for_one_address(self):
        url = self.signed('org/single', 'model.safetensors')
        self.assertEqual(ask(url.replace('Expires=1', 'Expires=2')).status, 403)

    def test_shards_are_what_the_index_says(self):
        index = json.loads(self.content('org/sharded', 'model.safetensors.index.json').read())
        total = 0
        for shard in set(index['weight_map'].values()):
            url = self.signed('org/sharded', shard)
            length = int.from_bytes(ask(url, Range='bytes=0-7').body, 'little')
            header = json.loads(ask(url, Range=f'bytes=8-{7 + length}').body)
            header.pop('__metadata__')
            self.assertEqual(set(header), {name for name, where in index['weight_map'].items()
                                           if where == shard})
            total += max(tensor['data_offsets'][1] for tensor in header.values())
        self.assertEqual(total, index['metadata']['total_size'])

    def test_the_ends_of_four_gibibytes_come_without_the_middle(self):
        url = self.signed('org/huge', 'model.safetensors')
        size = self.content('org/huge', 'model.safetensors').size
        self.assertEqual(ask(url, Range='bytes=-16').body, bytes(16))
        self.assertEqual(ask(url, Range=f'bytes={1 << 31}-{(1 << 31) + 15}').body,
                         (32).to_bytes(16, 'little'))  # the 32nd stretch of 64 MiB
        self.assertGreater(size, 1 << 32)


if __name__ == '__main__':
    unittest.main()
