# SPDX-License-Identifier: MIT
"""What the Hub and its content network answer when nothing goes wrong."""
import base64
import hashlib
import hmac
import re
import time
import urllib.parse

import contents
from messages import Response, Span, quote, serve_content, unquote
from repositories import Repository

# full may read all; unlisted has not accepted the terms of gated models; limited is a fine-grained
# token without the right to gated ones; revoked was valid once.
TOKENS = {'full': 'hf_fullFULLfull', 'unlisted': 'hf_unlistedUNLISTED',
          'limited': 'hf_limitedLIMITED', 'revoked': 'hf_revokedREVOKED'}
NAMES = {token: name for name, token in TOKENS.items()}
VERBS = ('revision', 'tree', 'refs', 'discussions', 'auth-check', 'paths-info', 'resolve', 'raw')
COMMIT = re.compile('[0-9a-f]{40}')
SORT_KEYS = ('downloads', 'likes', 'lastModified', 'createdAt', 'trendingScore', 'id')


class Refusal(Exception):
    def __init__(self, status, message, code=None):
        super().__init__(message)
        self.response = Response.refusal(status, message, code)


class Moved(Exception):
    def __init__(self, new_id):
        super().__init__(new_id)
        self.new_id = new_id


def redirect(code, location):
    response = Response.text(code, f'Temporary Redirect. Redirecting to {location}')
    response.set('Location', location)
    return response


class Protocol:
    """@settings: page_size, sign_ttl, and link_url (the base of links to the next page: a mirror
    may leave the official address in them; None: the hub's own)."""

    def __init__(self, settings, seed, folder):
        self.settings, self.seed, self.folder = settings, seed, folder
        self.repositories, self.signed = {}, {}
        self.key = str(seed).encode()

    def add(self, description):
        repository = Repository(description, self.seed, self.folder)
        self.repositories[repository.id] = repository
        return repository

    # --- who may see what ---

    def check_token(self, request):
        if request.token and NAMES.get(request.token, 'revoked') == 'revoked':
            raise Refusal(401, 'Invalid credentials in Authorization header')

    def repository(self, name, request):
        """The repository that the one who asks may know of."""
        repository = self.repositories.get(name)
        hidden = repository and repository.private and NAMES.get(request.token) != 'full'
        if not repository or hidden:
            if request.token:
                raise Refusal(404, 'Repository not found', 'RepoNotFound')
            raise Refusal(401, 'Invalid username or password.')
        if repository.moved_to:
            raise Moved(repository.moved_to)
        if repository.disabled:
            raise Refusal(403, 'Access to this resource is disabled.')
        return repository

    def check_gate(self, repository, request):
        name = NAMES.get(request.token)
        if not repository.gated or name == 'full':
            return
        model = f'Access to model {repository.id} is restricted'
        if name is None:
            raise Refusal(401, f'{model}. You must have access to it and be authenticated to access '
                               'it. Please log in.', 'GatedRepo')
        if name == 'limited':
            raise Refusal(403, 'Please enable access to public gated repositories in your fine-grained '
                               'token settings to view this repository.')
        raise Refusal(403, f'{model} and you are not in the authorized list. Visit '
                           f'https://huggingface.co/{repository.id} to ask for access.', 'GatedRepo')

    def commit(self, repository, revision):
        commit = repository.commit_of(revision)
        if not commit:
            raise Refusal(404, f'Invalid rev id: {revision}', 'RevisionNotFound')
        return commit

    # --- the hub ---

    def answer_hub(self, request):
        try:
            self.check_token(request)
            return self.route(request)
        except Refusal as refusal:
            return refusal.response
        except Moved as moved:
            target = request.target.replace(self.repository_name(request), quote(moved.new_id), 1)
            return redirect(307, target)

    def repository_name(self, request):
        """As it stands in the address, quoted; what may follow it tells where it ends."""
        path = request.raw_path.removeprefix('/api/resolve-cache/models/').removeprefix('/api/models/')
        owner, *rest = path.strip('/').split('/')
        if not rest or rest[0] in VERBS or COMMIT.fullmatch(rest[0]):
            return owner
        return f'{owner}/{rest[0]}'

    def route(self, request):
        path = request.raw_path
        if path == '/api/whoami-v2':
            return self.whoami(request)
        if path == '/api/models':
            return self.search(request)
        name = self.repository_name(request)
        if path.startswith('/api/resolve-cache/models/'):
            rest = path.removeprefix('/api/resolve-cache/models/' + name)
            return self.resolve(request, unquote(name), ['cached', *rest.split('/')[1:]])
        if path.startswith('/api/models/'):
            rest = path.removeprefix('/api/models/' + name)
            return self.api(request, unquote(name), rest.split('/')[1:])
        rest = path.removeprefix('/' + name).split('/')[1:]
        if len(rest) > 2 and rest[0] in ('resolve', 'raw'):
            return self.resolve(request, unquote(name), rest)
        raise Refusal(404, 'Sorry, we can\'t find the page you are looking for.')

    def whoami(self, request):
        name = NAMES.get(request.token)
        if not name:
            raise Refusal(401, 'Invalid username or password.')
        role = 'fineGrained' if name == 'limited' else 'read'
        return Response.json({'type': 'user', 'id': '0' * 24, 'name': name, 'fullname': name,
                              'orgs': [], 'auth': {'type': 'access_token', 'accessToken': {
                                  'displayName': name, 'role': role}}})

    def api(self, request, name, rest):
        repository = self.repository(name, request)
        match [rest[0] if rest else 'revision', *map(unquote, rest[1:])]:
            case ['revision', *revision]:
                commit = self.commit(repository, '/'.join(revision) or 'main')
                info = repository.model_info(commit, request.flag('blobs'))
                return Response.json(only(info, request.arguments('expand')))
            case ['tree', revision, *folder]:
                return self.tree(request, repository, revision, '/'.join(folder))
            case ['refs']:
                return Response.json(repository.refs(request.flag('include_prs')))
            case ['discussions']:
                rows = repository.discussion_rows(*(request.argument(name, None)
                                                    for name in ('type', 'status', 'author')))
                return Response.json({'discussions': rows, 'count': len(rows), 'start': 0})
            case ['auth-check']:
                self.check_gate(repository, request)
                return Response.json({})
            case ['paths-info', revision]:
                files = repository.commits[self.commit(repository, revision)]
                paths = [value for key, value in urllib.parse.parse_qsl(request.body.decode())
                         if key == 'paths']
                return Response.json([files[path].row() for path in paths if path in files])
        raise Refusal(404, 'Not Found')

    def tree(self, request, repository, revision, folder):
        commit = self.commit(repository, revision)
        found = repository.tree(commit, folder, request.flag('recursive'))
        if folder and not found:
            raise Refusal(404, f'{folder} does not exist on "{revision}"', 'EntryNotFound')
        page, link = self.page(request, found)
        response = Response.json([entry.row() for entry in page])
        response.set('Link', link)
        response.set('X-Repo-Commit', commit)
        return response

    def search(self, request):
        """Public repositories by the words of search, author and filter."""
        words = request.argument('search', '').lower().split()
        rows = []
        for repository in self.repositories.values():
            if repository.private or repository.disabled or repository.moved_to:
                continue
            info = repository.model_info(repository.branches['main'])
            if (all(word in repository.id.lower() for word in words)
                    and request.argument('author', info['author']) == info['author']
                    and set(request.arguments('filter')) <= set(info['tags'])):
                rows.append(info)
        key = request.argument('sort', 'trendingScore')
        if key not in SORT_KEYS:
            raise Refusal(400, f'"sort" must be one of {list(SORT_KEYS)}')
        rows.sort(key=lambda info: info.get(key, 0), reverse=key != 'id')
        page, link = self.page(request, rows)
        shown = request.arguments('expand') or ['sha', 'downloads', 'likes', 'tags', 'private', 'gated',
                                                'pipeline_tag', 'library_name', 'createdAt']
        response = Response.json([only(info, shown) for info in page])
        response.set('Link', link)
        return response

    def page(self, request, rows):
        """The part of @rows that the cursor stands for, and the link to the next one. A cursor that
        is none of ours begins again."""
        limit = min(int(request.argument('limit', self.settings['page_size'])), 1000)
        cursor = request.argument('cursor', '')
        try:
            start = int(base64.urlsafe_b64decode(cursor)) if cursor else 0
        except ValueError:
            start = 0
        if start + limit >= len(rows):
            return rows[start:], None
        query = [item for item in request.query if item[0] != 'cursor']
        query.append(('cursor', base64.urlsafe_b64encode(b'%d' % (start + limit)).decode()))
        base = self.settings['link_url'] or request.urls['hub']
        link = f'<{base}{request.raw_path}?{urllib.parse.urlencode(query)}>; rel="next"'
        return rows[start:start + limit], link

    # --- files ---

    def resolve(self, request, name, rest):
        """@rest: resolve, raw or cached, the revision, and the path in its quoted parts."""
        way, revision, path = rest[0], unquote(rest[1]), unquote('/'.join(rest[2:]))
        repository = self.repository(name, request)
        self.check_gate(repository, request)
        commit = self.commit(repository, revision)
        file = repository.commits[commit].get(path)
        if not file:
            response = Response.refusal(404, f'{path} does not exist on "{revision}"', 'EntryNotFound')
        elif way == 'raw' and file.lfs:
            response = Response(200, [Span.of(file.pointer)])
        elif way == 'raw' or (way == 'cached' and not file.lfs):
            content = contents.Changed(file.content) if request.changed else file.content
            response = serve_content(request, content, content.git_oid)
        elif file.lfs:
            response = self.to_cdn(request, repository, commit, file)
        else:
            place = f'{quote(repository.id)}/{commit}/{quote(path)}'
            query = f'{quote(request.raw_path, "")}=&etag=%22{file.etag}%22'
            response = redirect(307, f'/api/resolve-cache/models/{place}?{query}')
        response.set('X-Repo-Commit', commit)
        return response

    def to_cdn(self, request, repository, commit, file):
        response = redirect(302, self.sign(request, repository, commit, file))
        etag = contents.Changed(file.content).sha256 if request.changed else file.etag
        base = f'{request.urls["hub"]}/api/models/{repository.id}'
        for name, value in {
                'X-Linked-Size': file.content.size, 'X-Linked-ETag': f'"{etag}"', 'ETag': f'"{etag}"',
                'Accept-Ranges': 'bytes', 'X-Xet-Hash': file.xet_hash,
                'X-Xet-Refresh-Route': f'/api/models/{repository.id}/xet-read-token/{commit}',
                'Link': f'<{base}/xet-read-token/{commit}>; rel="xet-auth", '
                        f'<{request.urls["cdn"]}/reconstructions/{file.xet_hash}>; '
                        'rel="xet-reconstruction-info"'}.items():
            response.set(name, value)
        return response

    # --- the content network ---

    def signature(self, path, expires):
        return hmac.new(self.key, f'{path}?{expires}'.encode(), hashlib.sha256).hexdigest()

    def sign(self, request, repository, commit, file):
        """An address on the content network that holds for sign_ttl seconds."""
        place = hashlib.sha1(f'{repository.id}/{commit}/{quote(file.path)}'.encode()).hexdigest()[:24]
        path = f'/xet-bridge-us/{place}/{file.etag}'
        self.signed[path] = (repository, file)
        expires = f'{time.time() + self.settings["sign_ttl"]:.3f}'
        return (f'{request.urls["cdn"]}{path}?X-Amz-Expires={self.settings["sign_ttl"]}'
                f'&Expires={expires}&Signature={self.signature(path, expires)}&Key-Pair-Id=K0')

    def name_cdn(self, request):
        """Faults and counters go by the name of the file, not by its signed address."""
        if request.raw_path in self.signed:
            repository, file = self.signed[request.raw_path]
            request.path = f'/{repository.id}/{file.path}'

    def answer_cdn(self, request):
        if request.token is not None:
            return Response.xml(400, 'InvalidArgument', 'Only one auth mechanism allowed; only the '
                                'X-Amz-Algorithm query parameter, Signature query string parameter or '
                                'the Authorization header should be specified')
        expires, path = request.argument('Expires', '0'), request.raw_path
        if not hmac.compare_digest(request.argument('Signature', ''), self.signature(path, expires)):
            return Response.xml(403, 'SignatureDoesNotMatch', 'The signature does not match')
        if float(expires) < time.time():
            return Response.xml(403, 'AccessDenied', 'Request has expired')
        repository, file = self.signed[path]
        content = contents.Changed(file.content) if request.changed else file.content
        response = serve_content(request, content, content.sha256)
        response.set('Content-Disposition', f'inline; filename="{quote(file.path.rpartition("/")[2])}"')
        response.set('X-Cache', 'Hit from cloudfront')
        return response


def only(info, properties):
    """The id and the named properties; all when none is named."""
    if not properties:
        return info
    return {'_id': info['_id'], 'id': info['id'],
            **{name: info[name] for name in properties if name in info}}
