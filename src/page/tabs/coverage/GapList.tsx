// The differences one by one: filtered by the address, each with both values, its reason, and what can
// be done about it.
import React from 'react';
import { Button } from 'react-bootstrap';
import { confidences, gapKinds, gapStates } from '../../../contract/gaps.ts';
import type { GapsAnswer } from '../../../contract/reconcile.ts';
import { useAction } from '../../action/useAction.tsx';
import { useAddressState } from '../../live/useAddressState.ts';
import { useSteadyRows } from '../../live/useSteadyRows.ts';
import { useViewOf } from '../../live/useViewOf.ts';
import { Pager } from '../../parts/Pager.tsx';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Empty, Scene } from '../../parts/small.tsx';
import { coverageTexts } from '../../texts/coverage.ts';
import { fieldName } from '../../texts/fields.ts';
import { Choice } from '../../parts/Choice.tsx';
import { filterOf, pageSize } from './filter.ts';
import { Side } from './Sides.tsx';

const texts = coverageTexts.gaps;
type Row = GapsAnswer['rows'][number];

interface Props {
  readonly data: GapsAnswer;
  readonly onDone: () => void;
}

export function GapList({ data, onDone }: Props): JSX.Element {
  const [address, change] = useAddressState();
  const { filter, offset } = filterOf(address);
  const { act, busy, dialog } = useAction();
  const { rows, gone, fresh, refresh } = useSteadyRows(
    data.rows,
    keyOf,
    useViewOf(data, JSON.stringify([filter, offset])),
  );
  const set = (name: string) => (value: string) => change({ [name]: value, gap: '' });
  const fields = [...new Set(data.counts.map(({ field }) => field))].filter((one) => one !== '');
  const actions: Column<Row> = {
    key: 'actions',
    head: texts.actions,
    cell: ({ id, scene, state }) => (
      <span className="plexsync-buttons" hidden={gone.has(String(id))}>
        {scene !== null && (state === 'found' || state === 'waiting' || state === 'ignored') && (
          <Button
            size="sm"
            title={texts.fixTitle}
            disabled={busy}
            onClick={() => {
              act({ name: 'release-gaps', args: { gap: id }, done: onDone });
            }}
          >
            {texts.fix}
          </Button>
        )}
        {state !== 'ignored' && state !== 'queued' && (
          <Button
            size="sm"
            variant="secondary"
            disabled={busy}
            onClick={() => act({ name: 'ignore-gap', args: { gap: id }, done: onDone })}
          >
            {texts.ignore}
          </Button>
        )}
      </span>
    ),
  };
  return (
    <div className="plexsync-gaps">
      {dialog}
      <div className="plexsync-fields mb-3">
        <Choice
          label={texts.kind}
          value={filter.kind}
          options={withAny(gapKinds.map((kind) => [kind, coverageTexts.kinds[kind]]))}
          onChange={set('kind')}
        />
        <Choice
          label={texts.field}
          value={filter.field}
          options={withAny(fields.map((field) => [field, fieldName(field)]))}
          onChange={set('field')}
        />
        <Choice
          label={texts.state}
          value={filter.state}
          options={withAny(gapStates.map((state) => [state, coverageTexts.states[state]]))}
          onChange={set('state')}
        />
        <Choice
          label={texts.confidence}
          value={filter.confidence}
          options={withAny(confidences.map((one) => [one, coverageTexts.confidences[one]]))}
          onChange={set('sure')}
        />
      </div>
      {fresh > 0 && (
        <Button size="sm" variant="secondary" className="mb-2" onClick={refresh}>
          {texts.fresh(fresh)}
        </Button>
      )}
      {rows.length === 0 ? (
        <Empty>{texts.noneFits}</Empty>
      ) : (
        <Rows
          label={texts.list}
          columns={[...columns, actions]}
          rows={rows}
          keyOf={keyOf}
          classOf={(row) => (gone.has(keyOf(row)) ? 'plexsync-gone' : '')}
        />
      )}
      <Pager
        label={texts.list}
        offset={offset}
        limit={pageSize}
        total={data.total}
        onOffset={(to) => change({ gap: String(to) })}
      />
    </div>
  );
}

const keyOf = ({ id }: Row): string => String(id);

const withAny = (
  options: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] => [['', texts.any], ...options];

const columns: readonly Column<Row>[] = [
  {
    key: 'scene',
    head: coverageTexts.scene,
    cell: ({ scene, item, title }) =>
      scene === null ? (
        <span>{title === '' ? coverageTexts.itemNumber(item ?? '') : title}</span>
      ) : (
        <Scene scene={scene} title={title} />
      ),
  },
  {
    key: 'what',
    head: texts.kind,
    cell: ({ kind, field, state, confidence }) => (
      <>
        <div>{field === '' ? coverageTexts.kinds[kind] : fieldName(field)}</div>
        <div className="text-muted small">
          {field === '' ? '' : `${coverageTexts.kinds[kind]}. `}
          {coverageTexts.confidences[confidence]}. {coverageTexts.states[state]}.
        </div>
      </>
    ),
  },
  { key: 'stash', head: texts.stash, cell: ({ stash }) => <Side value={stash} /> },
  {
    key: 'plex',
    head: texts.plex,
    cell: ({ plex, toCome }) => (
      <>
        <Side value={plex} />
        {Array.isArray(toCome) && (
          <div className="text-muted small">
            {texts.toCome}: <Side value={toCome} />
          </div>
        )}
      </>
    ),
  },
  { key: 'why', head: texts.why, cell: ({ reason }) => <span className="small">{reason}</span> },
];
