// The tab History: what PlexSync changed in Plex, when, in which item and field, before and after.
import React, { useCallback, useMemo } from 'react';
import { Button, Form } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { mirroredFields } from '../../../contract/fieldPolicies.ts';
import { tabPath } from '../../api/urls.ts';
import { counted, number } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { useOperation } from '../../live/useOperation.ts';
import { useSteadyRows } from '../../live/useSteadyRows.ts';
import { useViewOf } from '../../live/useViewOf.ts';
import { Pager } from '../../parts/Pager.tsx';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Search } from '../../parts/Search.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Empty, Scene, Time } from '../../parts/small.tsx';
import { fieldName } from '../../texts/fields.ts';
import { historyTexts } from '../../texts/history.ts';
import { smallTexts } from '../../texts/small.ts';
import { FieldChange } from './FieldChange.tsx';
import { type Push, pushesOf } from './pushes.ts';
import type { HistoryAnswer } from '../../../contract/history.ts';

const pageSize = 50;
/** As the history names them. */
const fields = [...mirroredFields, 'thumb', 'art', 'userRating'];

const columns: readonly Column<Push>[] = [
  {
    key: 'scene',
    head: historyTexts.scene,
    cell: ({ scene, title, item, at }) => (
      <>
        <Scene scene={scene} title={title} />
        <div className="small text-muted plexsync-push-line">
          <Time at={at} />
          {' · '}
          <Link to={`${tabPath('history')}?item=${item}`}>{historyTexts.item(item)}</Link>
        </div>
      </>
    ),
  },
  {
    key: 'changes',
    head: historyTexts.changes,
    cell: ({ changes }) => (
      <ul className="plexsync-change-list">
        {changes.map((change) => (
          <FieldChange key={`${change.field} ${change.at}`} change={change} />
        ))}
      </ul>
    ),
  },
];

export function History(): JSX.Element {
  const [{ search = '', field = '', ...address }, change] = useAddressState();
  const offset = numberOf(address['offset']);
  const scene = numberOf(address['scene']);
  const item = numberOf(address['item']);
  const args = {
    limit: pageSize,
    ...(offset > 0 ? { offset } : {}),
    ...(search === '' ? {} : { search }),
    ...(field === '' ? {} : { field }),
    ...(scene > 0 ? { scene } : {}),
    ...(item > 0 ? { item } : {}),
  };
  // On later pages rows would move from page to page.
  const history = useOperation('history', args, { live: offset === 0 });
  const view = useViewOf(history.data, JSON.stringify(args));
  const onSearch = useCallback((value: string) => change({ search: value, offset: '' }), [change]);
  const isAll = search === '' && field === '' && scene === 0 && item === 0;
  const title = history.data?.changes.find((one) => one.scene === scene)?.title ?? '';
  return (
    <section>
      <h2 className="h5">{historyTexts.title}</h2>
      <div className="plexsync-toolbar">
        <Search value={search} hint={historyTexts.hint} onSearch={onSearch} />
        <Form.Control
          as="select"
          size="sm"
          className="plexsync-select bg-secondary text-white border-secondary"
          aria-label={historyTexts.field}
          value={field}
          onChange={(event: React.ChangeEvent<HTMLInputElement>) =>
            change({ field: event.target.value, offset: '' })
          }
        >
          <option value="">{historyTexts.allFields}</option>
          {fields.map((name) => (
            <option key={name} value={name}>
              {fieldName(name)}
            </option>
          ))}
        </Form.Control>
      </div>
      {(scene > 0 || item > 0) && (
        <p>
          {scene > 0
            ? historyTexts.onlyScene(title === '' ? smallTexts.untitled(scene) : title)
            : historyTexts.onlyItem(String(item))}{' '}
          <Link to={tabPath('history')}>{historyTexts.showAll}</Link>
        </p>
      )}
      <Shown of={history}>
        {(data) => (
          <Listed
            data={data}
            view={view}
            offset={offset}
            isAll={isAll}
            onOffset={(to) => change({ offset: to === 0 ? '' : String(to) })}
          />
        )}
      </Shown>
    </section>
  );
}

interface ListedProps {
  readonly data: HistoryAnswer;
  readonly view: string;
  readonly offset: number;
  readonly isAll: boolean;
  readonly onOffset: (offset: number) => void;
}

function Listed({ data, view, offset, isAll, onOffset }: ListedProps): JSX.Element {
  const pushes = useMemo(() => pushesOf(data.changes), [data]);
  const { rows, fresh, refresh } = useSteadyRows(pushes, ({ key }) => key, view);
  if (data.total === 0) {
    return <Empty>{isAll ? historyTexts.empty : historyTexts.nothingFits}</Empty>;
  }
  const pager = <Pager offset={offset} limit={pageSize} total={data.total} onOffset={onOffset} />;
  return (
    <>
      <div className="plexsync-toolbar">
        <span className="text-muted">{historyTexts.total(counted(data.total, 'change'))}</span>
        {offset === 0 && fresh > 0 && (
          <Button size="sm" variant="secondary" onClick={refresh}>
            {historyTexts.fresh(number(fresh))}
          </Button>
        )}
        <div className="plexsync-push">{pager}</div>
      </div>
      <Rows label={historyTexts.title} columns={columns} rows={rows} keyOf={({ key }) => key} />
      {pager}
    </>
  );
}
