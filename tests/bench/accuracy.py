# SPDX-License-Identifier: MIT
"""Singular values of a matrix against NumPy in float64."""
import array
import bisect
import itertools

REFERENCES = ('numpy', 'dgesdd') # both float64; the second where the first was not measured
ENERGIES = ((50, .5), (90, .9), (95, .95), (99, .99))


def read_values(path):
    values = array.array('d')
    values.frombytes(path.read_bytes())
    return values


def get_difference(values, reference):
    """The largest of any value, in units of the largest value; None: the counts differ."""
    if len(values) != len(reference):
        return None
    largest = max(abs(a - b) for a, b in zip(values, reference))
    return largest / reference[0] if reference[0] > 0 else largest


def compute_ranks(sigma, n_rows, n_cols):
    """By the keys of our metrics, as tests/integration/check_spectra.py defines them."""
    energy = list(itertools.accumulate(value**2 for value in sigma))
    ranks = {f'rank_energy_{label}':
             bisect.bisect_left(energy, fraction * energy[-1] * (1 - 1e-12)) + 1
             for label, fraction in ENERGIES}
    ranks['rank'] = sum(value > max(n_rows, n_cols) * 2.0**-23 * sigma[0] for value in sigma)
    ranks['actual_rank'] = sum(value > 1e-6 * sigma[0] for value in sigma)
    return ranks


def compare(folder, matrix, found):
    """{"reference": key, "differences": {key: share of the largest}, "wrong_ranks": [..]}, or None
    without a reference. @found: what bench-spectra told of the matrix."""
    values = {path.name.removeprefix('0.'): read_values(path) for path in folder.iterdir()}
    values['ours'] = values.pop('sigma', None)
    reference = next((key for key in REFERENCES if key in values), None)
    if reference is None or values['ours'] is None:
        return None
    ranks = compute_ranks(values[reference], matrix.n_rows, matrix.n_cols)
    return {'reference': reference,
            'differences': {key: get_difference(sigma, values[reference])
                            for key, sigma in values.items() if key != reference},
            'wrong_ranks': [key for key, rank in ranks.items() if found[key] != rank]}
