// The differences that comparisons found: by kind and field, with what can be done about all of them,
// and one by one with both values side by side.
import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { GapKind } from '../../../contract/gaps.ts';
import type { GapsAnswer } from '../../../contract/reconcile.ts';
import { useAction } from '../../action/useAction.tsx';
import { number } from '../../format/words.ts';
import type { Arguments } from '../../operation/table.ts';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Empty } from '../../parts/small.tsx';
import { coverageTexts } from '../../texts/coverage.ts';
import { fieldName } from '../../texts/fields.ts';
import { GapList } from './GapList.tsx';
import { exampleOf } from './Sides.tsx';

const texts = coverageTexts.gaps;

interface Group {
  readonly kind: GapKind;
  readonly field: string;
  readonly count: number;
  /** Found by a dry run, or waiting for a word. */
  readonly open: number;
}

interface Props {
  readonly data: GapsAnswer;
  readonly onDone: () => void;
}

export function Gaps({ data, onDone }: Props): JSX.Element {
  const { act, busy, dialog } = useAction();
  const groups = groupsOf(data.counts);
  const waiting = data.counts.reduce(
    (sum, { state, count }) => (state === 'waiting' ? sum + count : sum),
    0,
  );
  const fix = (args: Arguments, count: number, what: string, of?: Group): void =>
    act({
      name: 'release-gaps',
      args,
      ask: {
        title: texts.askTitle(count),
        text: texts.askText(count, what),
        examples: data.rows.filter((row) => isOf(row, of)).map(exampleOf),
        accept: texts.askAccept(count),
        variant: 'primary',
      },
      done: onDone,
    });
  return (
    <section className="card plexsync-card" aria-labelledby="plexsync-gaps">
      <h2 className="h5" id="plexsync-gaps">
        {texts.heading}
      </h2>
      {dialog}
      {waiting > 0 && (
        <p className="plexsync-toolbar">
          <span>
            {texts.waits(waiting)} <Link to="?state=waiting">{texts.showAll}</Link>
          </span>
          <Button size="sm" disabled={busy} onClick={() => fix({}, waiting, texts.all)}>
            {texts.releaseAll(waiting)}
          </Button>
        </p>
      )}
      {groups.length === 0 ? (
        <Empty>{texts.none}</Empty>
      ) : (
        <>
          <Rows
            label={texts.table}
            columns={columnsOf(busy, (group) =>
              fix(
                { kind: group.kind, field: group.field === '' ? null : group.field, dry: true },
                group.open,
                nameOf(group),
                group,
              ),
            )}
            rows={groups}
            keyOf={({ kind, field }) => `${kind}:${field}`}
          />
          <GapList data={data} onDone={onDone} />
        </>
      )}
    </section>
  );
}

function columnsOf(busy: boolean, fix: (group: Group) => void): readonly Column<Group>[] {
  return [
    { key: 'kind', head: texts.kind, cell: ({ kind }) => coverageTexts.kinds[kind] },
    {
      key: 'field',
      head: texts.field,
      cell: ({ field }) => (field === '' ? texts.whole : fieldName(field)),
    },
    {
      key: 'count',
      head: texts.count,
      cell: ({ kind, field, count }) => (
        <Link to={`?${new URLSearchParams({ kind, field }).toString()}`}>{number(count)}</Link>
      ),
    },
    {
      key: 'actions',
      head: texts.actions,
      cell: (group) =>
        group.open > 0 ? (
          <Button
            size="sm"
            disabled={busy}
            aria-label={`${texts.fixAll(group.open)}: ${nameOf(group)}`}
            onClick={() => fix(group)}
          >
            {texts.fixAll(group.open)}
          </Button>
        ) : null,
    },
  ];
}

function nameOf({ kind, field }: Group): string {
  const name = coverageTexts.kinds[kind];
  return field === '' ? name : `${name}: ${fieldName(field)}`;
}

function isOf(row: GapsAnswer['rows'][number], group: Group | undefined): boolean {
  const isOpen = row.state === 'found' || row.state === 'waiting';
  if (group === undefined) return row.state === 'waiting';
  return isOpen && row.kind === group.kind && row.field === group.field;
}

/** The most first. */
function groupsOf(counts: GapsAnswer['counts']): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { kind, field, state, count } of counts) {
    const key = `${kind}:${field}`;
    const known = groups.get(key) ?? { kind, field, count: 0, open: 0 };
    const isOpen = state === 'found' || state === 'waiting';
    const open = known.open + (isOpen ? count : 0);
    groups.set(key, { ...known, count: known.count + count, open });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
