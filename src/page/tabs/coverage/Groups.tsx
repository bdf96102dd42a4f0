// How scenes and items stand: a number for each group, each a link that opens the list behind it.
import React, { useCallback } from 'react';
import { Link } from 'react-router-dom';
import { coverageGroups } from '../../../contract/coverageGroups.ts';
import type { CoverageAnswer } from '../../../contract/coverage.ts';
import { tabPath } from '../../api/urls.ts';
import { number } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { useOperation } from '../../live/useOperation.ts';
import { Pager } from '../../parts/Pager.tsx';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Search } from '../../parts/Search.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Empty, Path, Scene, Time } from '../../parts/small.tsx';
import { coverageTexts as texts } from '../../texts/coverage.ts';

const pageSize = 20;

type Row = CoverageAnswer['rows'][number];

interface Props {
  readonly counts: CoverageAnswer['counts'];
  /** Unix ms; null: Plex's libraries were never looked through. */
  readonly at: number | null;
}

export function Groups({ counts, at }: Props): JSX.Element {
  const [address] = useAddressState();
  const open = coverageGroups.find((group) => group === address['group']);
  const isEmpty = coverageGroups.every((group) => counts[group] === 0);
  return (
    <section className="card plexsync-card" aria-label={texts.groupsLabel}>
      <ul className="plexsync-groups">
        {coverageGroups.map((group) => (
          <li key={group}>
            <Link
              to={`?group=${group}`}
              aria-current={open === group ? 'true' : undefined}
              className={counts[group] === 0 ? 'plexsync-tile plexsync-none' : 'plexsync-tile'}
              title={texts.groups[group].meaning}
            >
              <span className="plexsync-number">{number(counts[group])}</span>{' '}
              <span>{texts.groups[group].name}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="text-muted small mb-0">
        {isEmpty ? `${texts.nothingYet} ` : ''}
        {at === null ? (
          texts.neverLooked
        ) : (
          <>
            {texts.howFar} <Time at={at} />.
          </>
        )}
      </p>
      {open !== undefined && <GroupList key={open} group={open} />}
    </section>
  );
}

const columns: readonly Column<Row>[] = [
  {
    key: 'scene',
    head: texts.scene,
    cell: ({ scene, item, title, path }) =>
      scene === null ? (
        <>
          <div>{title === '' ? texts.itemNumber(item ?? '') : title}</div>
          <div className="text-muted small">
            <Path path={path} />
          </div>
        </>
      ) : (
        <Scene scene={scene} title={title} path={path} />
      ),
  },
  {
    key: 'item',
    head: texts.item,
    cell: ({ item }) => (item === null ? '–' : texts.itemNumber(item)),
  },
  {
    key: 'pushed',
    head: texts.pushed,
    cell: ({ pushedAt }) => (pushedAt === null ? texts.neverPushed : <Time at={pushedAt} />),
  },
];

function GroupList({ group }: { readonly group: (typeof coverageGroups)[number] }): JSX.Element {
  const [address, change] = useAddressState();
  const search = address['search'] ?? '';
  const offset = numberOf(address['offset']);
  const list = useOperation('coverage', { group, search, offset, limit: pageSize }, { live: true });
  const onSearch = useCallback((value: string) => change({ search: value, offset: '' }), [change]);
  const isProblem = group === 'failed' || group === 'review';
  return (
    <div className="plexsync-opened">
      <h2 className="h5">{texts.groups[group].name}</h2>
      <p className="text-muted">
        {texts.groups[group].meaning}{' '}
        {isProblem && <Link to={tabPath('problems')}>{texts.toProblems}</Link>}
        {group === 'differs' && <Link to="?state=found">{texts.toGaps}</Link>}
      </p>
      <div className="plexsync-toolbar">
        <Search value={search} hint={texts.listSearch} onSearch={onSearch} />
        <Link className="btn btn-sm btn-secondary plexsync-push" to="?">
          {texts.close}
        </Link>
      </div>
      <Shown of={list}>
        {({ rows, total }) =>
          total === 0 ? (
            <Empty>{search === '' ? texts.emptyGroup : texts.emptySearch}</Empty>
          ) : (
            <>
              <Rows
                label={texts.groups[group].name}
                columns={columns}
                rows={rows}
                keyOf={({ scene, item }) => `${scene ?? ''}/${item ?? ''}`}
              />
              <Pager
                label={texts.groups[group].name}
                offset={offset}
                limit={pageSize}
                total={total}
                onOffset={(to) => change({ offset: String(to) })}
              />
            </>
          )
        }
      </Shown>
    </div>
  );
}
