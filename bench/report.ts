// What a benchmark answers: figures, each with the floor that was measured beside it in the same
// run, the target that was promised for it, and whether it holds.
import { cpus, loadavg, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

export interface Floor {
  /** What it is the time (or rate, or number) of, without PlexSync. */
  readonly name: string;
  readonly value: number;
}

export interface Target {
  readonly relation: '<=' | '>=' | '=';
  readonly value: number;
  /** `floor`: `value` is a multiple of the floor. */
  readonly of: 'value' | 'floor';
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: Floor | null;
  /** Value divided by floor; null without a floor, or where that is 0. */
  readonly ratio: number | null;
  readonly target: Target | null;
  /** null = there is no target. */
  readonly holds: boolean | null;
  /** `speed` depends on the machine and its mood; `correctness` must hold on any. */
  readonly kind: 'speed' | 'correctness';
}

export interface Report {
  readonly bench: string;
  /** Of PlexSync. */
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  readonly machine: {
    readonly platform: string;
    readonly cpus: number;
    readonly cpuModel: string;
    readonly memoryMb: number;
    readonly node: string;
    /** Over the last minute, when the run began: other work makes every figure worse. */
    readonly loadBefore: number;
  };
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly figures: readonly Figure[];
  /** How it was measured, and what to know when reading the figures. */
  readonly notes: readonly string[];
  /** Every figure that has a target keeps it. */
  readonly holds: boolean;
}

interface FigureInput {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: Floor;
  readonly target?: Omit<Target, 'of'> & { readonly of?: 'floor' };
  readonly kind?: 'correctness';
}

/** A figure with its ratio and verdict worked out. Values are kept to three decimals. */
export function figure(input: FigureInput): Figure {
  const floor =
    input.floor === undefined ? null : { ...input.floor, value: rounded(input.floor.value) };
  const ratio = floor === null || floor.value === 0 ? null : rounded(input.value / floor.value);
  const target: Target | null =
    input.target === undefined ? null : { ...input.target, of: input.target.of ?? 'value' };
  const judged = target?.of === 'floor' ? ratio : rounded(input.value);
  return {
    name: input.name,
    value: rounded(input.value),
    unit: input.unit,
    floor,
    ratio,
    target,
    holds: target === null ? null : judged !== null && keeps(judged, target),
    kind: input.kind ?? 'speed',
  };
}

/** A count that must be exactly what is promised, on any machine. */
export function mustBe(name: string, value: number, promised: number): Figure {
  return figure({
    name,
    value,
    unit: '',
    target: { relation: '=', value: promised },
    kind: 'correctness',
  });
}

/** `loadBefore` as `loadNow` told when the run began. */
export function report(
  bench: string,
  loadBefore: number,
  parameters: Report['parameters'],
  figures: readonly Figure[],
  notes: readonly string[],
): Report {
  return {
    bench,
    version: plexSyncVersion(),
    at: new Date().toISOString(),
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpus: cpus().length,
      cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
      memoryMb: Math.round(totalmem() / 1024 ** 2),
      node: process.versions.node,
      loadBefore,
    },
    parameters,
    figures,
    notes,
    holds: figures.every(({ holds }) => holds !== false),
  };
}

export function loadNow(): number {
  return rounded(loadavg()[0] ?? 0);
}

function keeps(judged: number, target: Target): boolean {
  switch (target.relation) {
    case '<=':
      return judged <= target.value;
    case '>=':
      return judged >= target.value;
    case '=':
      return judged === target.value;
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function plexSyncVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
}
