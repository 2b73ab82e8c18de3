# SPDX-License-Identifier: MIT
"""What was measured, as Markdown for people and as CSV for the next comparison."""
import csv

import plan as plans
from programs import OURS

COLUMNS = ('row', 'program', 'seconds', 'rounds', 'measured_share', 'ratio_to_ours',
           'ratio_to_floor', 'cpu_seconds', 'peak_mb', 'difference_to_float64', 'wrong_ranks',
           'others_share', 'not_measured')
LEGEND = """\
Seconds are the least of the rounds. Ours: seconds · times the floor (rows·columns·short + 4/3·short³
operations at the better dgemm). Others: seconds · times ours. `*`: measured on a part and scaled.
others: what other programs took of the machine meanwhile; more than a few percent spoil a row.
"""
GPU_BASE = f'{OURS}-cuda'


def is_gpu(key):
    return 'cuda' in key


def get_best(result, key):
    """The round with the least time; None: not measured."""
    return min(result.samples.get(key, ()), key=lambda sample: sample.seconds, default=None)


def format_number(value):
    """Three significant digits."""
    text = f'{value:.3g}'
    return f'{value:.0f}' if 'e+' in text else text


class Report:
    def __init__(self, facts, programs, results, missing):
        self.facts, self.programs, self.results = facts, programs, results
        self.missing = missing
        self.peak = self.get_fact('dgemm') * 1e9

    def get_fact(self, key):
        """The better of before and after."""
        return max(machine[key] for machine in self.facts['machine'])

    def get_floor(self, result):
        return plans.count_flops(result.subject.items) / self.peak

    def get_ratio(self, result, key):
        """To ours, on the same device; None: one of them was not measured."""
        ours, peer = get_best(result, GPU_BASE if is_gpu(key) else OURS), get_best(result, key)
        return peer.whole_seconds / ours.whole_seconds if ours and peer else None

    # --- Markdown

    def table(self, header, rows):
        lines = [header, ['---'] * len(header), *rows]
        return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines) + '\n'

    def get_keys(self, results, gpu):
        """Of the programs that were measured on any of the rows, in the order of the list."""
        return [program for program in self.programs if is_gpu(program.key) == gpu
                and any(program.key in result.samples for result in results)]

    def seconds_cell(self, result, program):
        best = get_best(result, program.key)
        if not best:
            return '–'
        text = format_number(best.whole_seconds) + ('*' if best.share < 1 else '')
        if program.key == OURS:
            return f'**{text}** · {format_number(best.whole_seconds / self.get_floor(result))}'
        ratio = self.get_ratio(result, program.key)
        return f'{text} · {format_number(ratio)}×' if ratio and program.key != GPU_BASE else text

    def cost_cell(self, result, program):
        best = get_best(result, program.key)
        if not best:
            return '–'
        cpu = format_number(best.cpu_seconds / best.share) + ('*' if best.share < 1 else '')
        return f'{cpu} · {format_number(best.peak_kb / 1000)}'

    def others_cell(self, result):
        share = result.get_others_share()
        return '–' if share is None else f'{100 * share:.0f} %'

    def rounds_cell(self, result):
        return str(max(map(len, result.samples.values()), default=0))

    def seconds_table(self, results, gpu):
        programs = self.get_keys(results, gpu)
        header = ['seconds', 'floor', *(program.title for program in programs), 'rounds', 'others']
        return self.table(header, [
            [result.subject.name, format_number(self.get_floor(result)),
             *(self.seconds_cell(result, program) for program in programs),
             self.rounds_cell(result), self.others_cell(result)] for result in results])

    def cost_table(self, results, gpu):
        programs = self.get_keys(results, gpu)
        header = ['CPU seconds · peak MB', *(program.title for program in programs)]
        return self.table(header, [
            [result.subject.name, *(self.cost_cell(result, program) for program in programs)]
            for result in results])

    def accuracy_table(self, results):
        compared = [result for result in results if result.accuracy]
        keys = [program for program in self.programs
                if any(program.key in result.accuracy['differences'] for result in compared)]
        header = ['largest difference / σ₁', *(program.title for program in keys), 'our ranks']
        return self.table(header, [
            [result.subject.name,
             *(self.difference_cell(result.accuracy['differences'], program.key)
               for program in keys),
             ', '.join(result.accuracy['wrong_ranks']) + ' differ'
             if result.accuracy['wrong_ranks'] else 'agree'] for result in compared])

    def difference_cell(self, differences, key):
        if key not in differences:
            return '–'
        return 'other count' if differences[key] is None else f'{differences[key]:.1e}'

    def reading_table(self, results):
        """How near a whole model is to what the disk gives."""
        rows = []
        for result in results:
            n_bytes = plans.count_bytes(result.subject.items)
            cells = [result.subject.name, format_number(n_bytes / 1e9)]
            for key, bandwidth in ((OURS, 'read_warm'), (f'{OURS}-cold', 'read_cold')):
                best = get_best(result, key)
                floor = n_bytes / self.get_fact(bandwidth)
                cells += [format_number(floor), format_number(best.seconds) if best else '–']
            rows.append(cells)
        return self.table(['model', 'GB', 'read, cached', 'ours (cached)', 'read, cold',
                           'ours (cold)'], rows)

    def head(self):
        facts = self.facts
        lines = [
            f'# Weightscope against others, {facts["date"]}', '',
            f'`./dev bench` ({facts["options"]}): {facts["processor"]}, {facts["threads"]} '
            f'threads for everyone, {facts["memory_gb"]:.0f} GB, {facts["system"]}; '
            f'load {facts["load"]:.1f} when it began.', '']
        lines += [f'- {titles}: {text}' for titles, text in facts['programs'].items()]
        measured = [f'dgemm {before["dgemm"]} / {after["dgemm"]} GF/s, sgemm {before["sgemm"]} / '
                    f'{after["sgemm"]} GF/s; read cold {before["read_cold"] / 1e9:.2f} / '
                    f'{after["read_cold"] / 1e9:.2f}, cached {before["read_warm"] / 1e9:.2f} / '
                    f'{after["read_warm"] / 1e9:.2f} GB/s'
                    for before, after in [(facts['machine'][0], facts['machine'][-1])]]
        return '\n'.join([*lines, '', 'This machine, before / after: ' + measured[0] + '.', ''])

    def section(self, title, results):
        parts = [f'## {title}\n']
        for gpu in (False, True):
            if self.get_keys(results, gpu):
                parts += [self.seconds_table(results, gpu), self.cost_table(results, gpu)]
        return parts

    def not_measured(self):
        lines = [f'- {self.get_title(key)}: {reason}' for key, reason in self.missing.items()]
        for result in self.results:
            by_reason = {}
            for key, reason in result.reasons.items():
                by_reason.setdefault(reason, []).append(self.get_title(key))
            lines += [f'- {result.subject.name}: {", ".join(titles)}: {reason}'
                      for reason, titles in by_reason.items()]
        return ['## Not measured\n', '\n'.join(lines) + '\n'] if lines else []

    def get_title(self, key):
        return next(program.title for program in self.programs if program.key == key)

    def markdown(self):
        models = [r for r in self.results if isinstance(r.subject, plans.Model)]
        matrices = [r for r in self.results if r not in models]
        parts = [self.head()]
        if matrices:
            parts += self.section('One matrix at a time', matrices)
        if any(result.accuracy for result in matrices):
            parts += ['## Accuracy, against float64\n', self.accuracy_table(matrices)]
        if models:
            parts += self.section('Whole models', models)
            parts += ['Seconds for reading alone, and for everything:\n',
                      self.reading_table(models)]
        parts += self.not_measured()
        return '\n'.join([*parts, LEGEND])

    # --- CSV

    def csv_row(self, result, key):
        best, compared = get_best(result, key), result.accuracy
        others = result.get_others_share()
        row = {'row': result.subject.name, 'program': key,
               'others_share': '' if others is None else f'{others:.3f}',
               'not_measured': result.reasons.get(key, '')}
        if not best:
            return row
        row.update(seconds=f'{best.whole_seconds:.6f}', rounds=len(result.samples[key]),
                   measured_share=f'{best.share:.6g}',
                   ratio_to_floor=f'{best.whole_seconds / self.get_floor(result):.4f}',
                   cpu_seconds=f'{best.cpu_seconds / best.share:.4f}',
                   peak_mb=f'{best.peak_kb / 1000:.1f}')
        ratio = self.get_ratio(result, key)
        row['ratio_to_ours'] = f'{ratio:.4f}' if ratio else ''
        if compared and key in compared['differences']:
            row['difference_to_float64'] = f'{compared["differences"][key] or float("nan"):.3e}'
        if compared and key == OURS:
            row['wrong_ranks'] = len(compared['wrong_ranks'])
        return row

    def csv_rows(self):
        return [self.csv_row(result, program.key) for result in self.results
                for program in self.programs
                if program.key in result.samples or program.key in result.reasons]


def write(folder, facts, programs, results, missing):
    """bench.md and bench.csv in @folder; returns the Markdown."""
    report = Report(facts, programs, results, missing)
    text = report.markdown()
    (folder / 'bench.md').write_text(text, encoding='utf-8')
    with open(folder / 'bench.csv', 'w', encoding='utf-8', newline='') as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator='\n')
        writer.writeheader()
        writer.writerows(report.csv_rows())
    return text
