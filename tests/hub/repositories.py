# SPDX-License-Identifier: MIT
"""Repositories made from descriptions: files, commits and refs, as the Hub's API tells them."""
import dataclasses
import functools
import hashlib
import json

import contents

LFS_SUFFIXES = ('.safetensors', '.bin', '.h5', '.onnx', '.gguf', '.pt', '.pth', '.msgpack', '.zip')


def sha1(*parts):
    """Of texts; names may hold what UTF-8 cannot."""
    return hashlib.sha1('\0'.join(parts).encode('utf-8', 'surrogateescape')).hexdigest()


@dataclasses.dataclass
class File:
    path: str
    content: contents.Content
    lfs: bool

    @functools.cached_property
    def pointer(self):
        return (f'version https://git-lfs.github.com/spec/v1\noid sha256:{self.content.sha256}\n'
                f'size {self.content.size}\n').encode()

    @functools.cached_property
    def oid(self):
        """Of the blob in git: for LFS that is the pointer."""
        return contents.Bytes(self.pointer).git_oid if self.lfs else self.content.git_oid

    @property
    def etag(self):
        return self.content.sha256 if self.lfs else self.content.git_oid

    @functools.cached_property
    def xet_hash(self):
        return hashlib.sha256(b'xet' + self.content.sha256.encode()).hexdigest()

    def row(self):
        row = {'type': 'file', 'oid': self.oid, 'size': self.content.size, 'path': self.path}
        if self.lfs:
            row['lfs'] = {'oid': self.content.sha256, 'size': self.content.size,
                          'pointerSize': len(self.pointer)}
            row['xetHash'] = self.xet_hash
        return row

    def sibling(self, blobs):
        sibling = {'rfilename': self.path}
        if blobs:
            sibling.update(size=self.content.size, blobId=self.oid)
            if self.lfs:
                sibling['lfs'] = {'sha256': self.content.sha256, 'size': self.content.size,
                                  'pointerSize': len(self.pointer)}
        return sibling


@dataclasses.dataclass
class Directory:
    path: str
    oid: str

    def row(self):
        return {'type': 'directory', 'oid': self.oid, 'size': 0, 'path': self.path}


class Repository:
    """A description is an object: id, files ({path: form of contents.make}), revisions ({branch or
    refs/pr/N: files on top of main; null removes}), tags ({name: revision}), lfs ({path: bool});
    private, gated (false, 'auto', 'manual'), disabled, moved_to (the new id); info (further fields
    of the model info, such as downloads); discussions ({number: [title, author, status]}; those
    with a revision refs/pr/N are pull requests)."""

    def __init__(self, description, seed, folder):
        self.id = description['id']
        self.seed, self.folder = seed, folder
        self.private = description.get('private', False)
        self.gated = description.get('gated', False)
        self.disabled = description.get('disabled', False)
        self.moved_to = description.get('moved_to')
        self.info = description.get('info', {})
        self.discussions = description.get('discussions', {})
        self.lfs = description.get('lfs', {})
        self.commits, self.branches, self.pulls, self.tags = {}, {}, {}, {}
        self.push('main', description.get('files', {}))
        for revision, files in description.get('revisions', {}).items():
            self.push(revision, files)
        for tag, revision in description.get('tags', {}).items():
            self.tags[tag] = self.commit_of(revision)

    def make_file(self, path, form):
        content = contents.make(form, f'{self.seed}/{self.id}/{path}/{json.dumps(form)}', self.folder)
        return File(path, content, self.lfs.get(path, path.lower().endswith(LFS_SUFFIXES)))

    def push(self, revision, files):
        """A commit with @files on top of what @revision (else main) holds; returns its name."""
        parent = self.commit_of(revision) or self.branches.get('main')
        tree = dict(self.commits.get(parent, {}))
        for path, form in files.items():
            if form is None:
                tree.pop(path, None)
            else:
                tree[path] = self.make_file(path, form)
        commit = sha1(str(self.seed), self.id, parent or '', revision, json.dumps(files))
        self.commits[commit] = tree
        kind = self.pulls if revision.startswith('refs/pr/') else self.branches
        kind[revision] = commit
        return commit

    def commit_of(self, revision):
        """The 40 hex digits that a branch, tag, pull request or commit stands for, or None."""
        if revision in self.commits:
            return revision
        short = revision.removeprefix('refs/heads/').removeprefix('refs/tags/')
        return self.branches.get(short) or self.pulls.get(revision) or self.tags.get(short)

    def refs(self, pulls):
        def rows(names, prefix):
            return [{'name': name, 'ref': prefix + name, 'targetCommit': commit}
                    for name, commit in names.items()]

        refs = {'branches': rows(self.branches, 'refs/heads/'), 'converts': [],
                'tags': rows(self.tags, 'refs/tags/')}
        if pulls:
            refs['pullRequests'] = [{'name': ref.removeprefix('refs/'), 'ref': ref,
                                     'targetCommit': commit} for ref, commit in self.pulls.items()]
        return refs

    def discussion_rows(self, kind, status, author):
        """Newest first; None: of every kind, status, author."""
        rows = []
        for number, (title, name, state) in sorted(self.discussions.items(), reverse=True):
            is_pull = f'refs/pr/{number}' in self.pulls
            if ((kind in (None, 'all') or is_pull == (kind == 'pull_request'))
                    and status in (None, 'all', state) and author in (None, name)):
                rows.append({'num': int(number), 'title': title, 'status': state,
                             'isPullRequest': is_pull, 'author': {'name': name},
                             'createdAt': '2023-03-01T12:00:00.000Z',
                             'repo': {'name': self.id, 'type': 'model'}})
        return rows

    def model_info(self, commit, blobs=False):
        return {'_id': sha1(self.id)[:24], 'id': self.id, 'modelId': self.id,
                'author': self.id.rpartition('/')[0] or None, 'sha': commit,
                'private': self.private, 'gated': self.gated, 'disabled': self.disabled,
                'downloads': 0, 'likes': 0, 'tags': ['safetensors'],
                'pipeline_tag': 'text-generation', 'library_name': 'transformers',
                'createdAt': '2024-01-01T00:00:00.000Z', 'lastModified': '2024-06-01T12:00:00.000Z',
                'usedStorage': sum(file.content.size for file in self.commits[commit].values()),
                **self.info,
                'siblings': [file.sibling(blobs) for file in self.commits[commit].values()]}

    def tree(self, commit, folder, recursive):
        """What lies below @folder, each directory before its first file. The row of a file is
        made when it is shown: that is when the file is hashed."""
        prefix = folder + '/' if folder else ''
        seen, found = set(), []
        for path, file in self.commits[commit].items():
            if not path.startswith(prefix):
                continue
            parts = path.removeprefix(prefix).split('/')
            for depth in range(1, len(parts)):
                directory = prefix + '/'.join(parts[:depth])
                if directory not in seen and (recursive or depth == 1):
                    seen.add(directory)
                    found.append(Directory(directory, sha1(commit, directory)))
            if recursive or len(parts) == 1:
                found.append(file)
        return found
