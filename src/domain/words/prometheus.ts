// The text format of Prometheus, version 0.0.4
// (prometheus.io/docs/instrumenting/exposition_formats).

export interface Family {
  /** Without the `plexsync_` in front; a counter's ends in `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  /** What is not known is no sample. */
  readonly value: number | null;
}

/** Families of which nothing is known are left out. */
export function prometheusText(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) => {
      const known = samples.flatMap(({ labels = {}, value }) =>
        value === null ? [] : [`plexsync_${name}${labelled(labels)} ${value}\n`],
      );
      if (known.length === 0) return '';
      const head = `# HELP plexsync_${name} ${escapedHelp(help)}\n# TYPE plexsync_${name} ${type}\n`;
      return head + known.join('');
    })
    .join('');
}

function labelled(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapedValue(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function escapedHelp(help: string): string {
  return help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
}
