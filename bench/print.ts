// A report for people: one line per figure, with floor, target and verdict beside it.
import type { Figure, Report } from './report.ts';

export function printed(report: Report): string {
  const { machine } = report;
  const head = [
    `bench ${report.bench}: PlexSync ${report.version}, Node ${machine.node}, ${machine.platform}, ` +
      `${machine.cpus} × ${machine.cpuModel}, load ${machine.loadBefore} before`,
    Object.entries(report.parameters)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ];
  const rows = [
    ['', 'measured', 'floor', 'ratio', 'target', 'holds'],
    ...report.figures.map((figure) => [
      figure.name,
      amount(figure.value, figure.unit),
      figure.floor === null
        ? ''
        : `${amount(figure.floor.value, figure.unit)} ${figure.floor.name}`,
      figure.ratio === null ? '' : `${shortened(figure.ratio)} ×`,
      promised(figure),
      figure.holds === null ? '' : figure.holds ? 'yes' : 'NO',
    ]),
  ];
  const notes = report.notes.map((note) => `  ${note}`);
  const verdict = report.holds ? 'Every target holds.' : 'Not every target holds.';
  return [...head, '', ...table(rows), '', ...notes, verdict, ''].join('\n');
}

function promised({ target, unit }: Figure): string {
  if (target === null) return '';
  const signs = { '<=': '≤', '>=': '≥', '=': '=' };
  const value =
    target.of === 'floor' ? `${shortened(target.value)} × floor` : amount(target.value, unit);
  return `${signs[target.relation]} ${value}`;
}

function amount(value: number, unit: string): string {
  return unit === '' ? shortened(value) : `${shortened(value)} ${unit}`;
}

/** Three significant digits at least, and never a digit of a whole number lost. */
function shortened(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(decimals);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
