// The scene that is tried: its item in Plex, what a push would write, the click that writes it, and
// what became of it.
import React, { useEffect, useState } from 'react';
import { Alert, Button } from 'react-bootstrap';
import type { FieldView, SceneViewAnswer } from '../../../contract/sceneView.ts';
import { useAction } from '../../action/useAction.tsx';
import { stashNow } from '../../api/clock.ts';
import { useOperation } from '../../live/useOperation.ts';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Empty, Scene } from '../../parts/small.tsx';
import { fieldName } from '../../texts/fields.ts';
import { setupTexts } from '../../texts/setup.ts';

const texts = setupTexts.trial;
/** The look at Plex's libraries tells no new status when it is over. */
const lookEveryMs = 2_000;

interface Props {
  readonly scene: number;
  readonly onWritten: () => void;
}

export function TrialScene({ scene, onWritten }: Props): JSX.Element {
  const view = useOperation('scene', { scene }, { live: 1_000 });
  const { act, busy, dialog } = useAction();
  /** Unix ms of Stash's machine at which the write was asked for. */
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const stage = stageOf(view.data, askedAt);
  const { reload } = view;
  useEffect(() => {
    if (stage !== 'unknown' && stage !== 'writing') return;
    const timer = window.setTimeout(reload, lookEveryMs);
    return () => window.clearTimeout(timer);
  }, [stage, view.at, reload]);
  useEffect(() => {
    if (stage === 'written') onWritten();
    // It is told once.
  }, [stage]);
  return (
    <Shown of={view}>
      {(data) => (
        <>
          {dialog}
          <Scene scene={scene} title={data.scene.title} path={data.scene.path} />
          <Item data={data} />
          <State
            data={data}
            stage={stage}
            busy={busy}
            onWrite={() => {
              act({
                name: 'sync',
                args: { scene },
                done: () => (setAskedAt(stashNow()), reload()),
              });
            }}
          />
        </>
      )}
    </Shown>
  );
}

type Stage =
  | 'unknown'
  | 'no-item'
  | 'blocked'
  | 'nothing'
  | 'write'
  | 'writing'
  | 'written'
  | 'failed';

function stageOf(data: SceneViewAnswer | null, askedAt: number | null): Stage {
  if (data === null) return 'unknown';
  const { item, queue, fields, blocked } = data;
  const isOnItsWay =
    queue.waiting !== null ||
    queue.extras.some(({ dueAt, error }) => dueAt !== null && error === null);
  if (askedAt !== null) {
    if (queue.deadLetter !== null) return 'failed';
    const isThere = !fields.some(isWrite) || (data.scene.pushedAt ?? 0) > askedAt;
    return isOnItsWay || !isThere ? 'writing' : 'written';
  }
  if (item.state === 'unknown') return 'unknown';
  if (item.state === 'none') return 'no-item';
  if (blocked !== null) return 'blocked';
  return fields.some(isWrite) ? 'write' : 'nothing';
}

const isWrite = ({ verdict }: FieldView): boolean => verdict === 'write';

function Item({ data: { item, sentence } }: { readonly data: SceneViewAnswer }): JSX.Element {
  if (item.state === 'none') {
    return (
      <p className="mt-2">
        {texts.noItem} {item.none?.meaning} {item.none?.words} {item.none?.wayOut}
      </p>
    );
  }
  if (item.state === 'unknown') {
    return (
      <p className="mt-2" role="status">
        {texts.unknown} <span className="text-muted">{sentence}</span>
      </p>
    );
  }
  return (
    <p className="mt-2">
      {texts.wouldMatch(item.title ?? '', item.library)}
      {item.match !== null && <span className="d-block text-muted small">{item.match.why}</span>}
    </p>
  );
}

interface StateProps {
  readonly data: SceneViewAnswer;
  readonly stage: Stage;
  readonly busy: boolean;
  readonly onWrite: () => void;
}

function State({ data, stage, busy, onWrite }: StateProps): JSX.Element | null {
  const { blocked, fields, queue, history } = data;
  switch (stage) {
    case 'unknown':
    case 'no-item':
      return null;
    case 'blocked':
      return (
        <Alert variant="warning">
          {texts.blocked} {blocked?.message} {blocked?.wayOut}
        </Alert>
      );
    case 'nothing':
      return <Empty>{texts.nothing}</Empty>;
    case 'write': {
      const toWrite = fields.filter(isWrite);
      const kept = fields.filter(({ verdict }) => verdict === 'kept').length;
      return (
        <>
          <Rows
            label={texts.write(toWrite.length)}
            columns={columns}
            rows={toWrite}
            keyOf={({ field }) => field}
          />
          <p className="text-muted">{texts.rest(fields.length - toWrite.length - kept, kept)}.</p>
          <Button size="sm" disabled={busy} onClick={onWrite}>
            {texts.write(toWrite.length)}
          </Button>
        </>
      );
    }
    case 'writing':
      return (
        <p role="status">
          {texts.writing} {queue.waiting?.cause?.meaning}
        </p>
      );
    case 'written':
      return (
        <>
          <p role="status">
            <strong>{texts.written}</strong>
          </p>
          <Rows
            label={texts.written}
            columns={historyColumns}
            rows={history.changes}
            keyOf={({ run, field, at }) => `${run}/${field}/${at}`}
          />
        </>
      );
    case 'failed':
      return (
        <Alert variant="warning">
          {texts.failed} {queue.deadLetter?.message} {queue.deadLetter?.wayOut}
        </Alert>
      );
  }
}

const isPicture = (field: string): boolean => field === 'poster' || field === 'background';

function textOf(value: FieldView['wanted']): string {
  return value === null ? '' : typeof value === 'string' ? value : value.join(', ');
}

const columns: readonly Column<FieldView>[] = [
  { key: 'field', head: texts.field, cell: ({ field }) => fieldName(field) },
  {
    key: 'stash',
    head: texts.stash,
    cell: ({ field, wanted, toCome }) => (
      <span className="plexsync-value">
        {isPicture(field) ? texts.picture : textOf(toCome ?? wanted)}
      </span>
    ),
  },
  {
    key: 'plex',
    head: texts.plex,
    cell: ({ field, present }) => (
      <span className="plexsync-value">{isPicture(field) ? '–' : textOf(present) || '–'}</span>
    ),
  },
];

type Change = SceneViewAnswer['history']['changes'][number];

const historyColumns: readonly Column<Change>[] = [
  { key: 'field', head: texts.field, cell: ({ field }) => fieldName(field) },
  {
    key: 'before',
    head: texts.before,
    cell: ({ before }) => <span className="plexsync-value">{textOf(before) || '–'}</span>,
  },
  {
    key: 'after',
    head: texts.after,
    cell: ({ after }) => <span className="plexsync-value">{textOf(after) || '–'}</span>,
  },
];
