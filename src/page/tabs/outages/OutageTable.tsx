// Each outage: when, how long, why, what waited, and what was given up in it.
import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { causeOf } from '../../../contract/causes.ts';
import { duration } from '../../../domain/base/durationWords.ts';
import { useAction } from '../../action/useAction.tsx';
import { tabPath } from '../../api/urls.ts';
import { counted, number } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { Long } from '../../parts/Long.tsx';
import { type Column, Rows } from '../../parts/Rows.tsx';
import { Time } from '../../parts/small.tsx';
import { outagesTexts } from '../../texts/outages.ts';
import type { Outage } from './strip.ts';

export function OutageTable({ outages }: { readonly outages: readonly Outage[] }): JSX.Element {
  const { act, busy, dialog } = useAction();
  const [address] = useAddressState();
  const named = numberOf(address['outage']);
  const longestMs = Math.max(1, ...outages.map(({ durationMs }) => durationMs));
  const columns: readonly Column<Outage>[] = [
    { key: 'began', head: outagesTexts.began, cell: ({ beganAt }) => <Time at={beganAt} /> },
    {
      key: 'lasted',
      head: outagesTexts.lasted,
      cell: ({ durationMs, endedAt }) => (
        <div>
          {duration(durationMs)} {endedAt === null && <em>({outagesTexts.lasting})</em>}
          <span className="plexsync-length" aria-hidden="true">
            <span style={{ width: `${(durationMs / longestMs) * 100}%` }} />
          </span>
        </div>
      ),
    },
    { key: 'why', head: outagesTexts.why, cell: (outage) => <Why outage={outage} /> },
    { key: 'waited', head: outagesTexts.waited, cell: ({ jobs }) => number(jobs) },
    { key: 'probes', head: outagesTexts.probes, cell: ({ probes }) => number(probes) },
    {
      key: 'actions',
      head: outagesTexts.actions,
      cell: ({ id, recoverable }) =>
        recoverable > 0 && (
          <>
            <Link className="mr-2" to={`${tabPath('problems')}?outage=${id}`}>
              {outagesTexts.recoverable(counted(recoverable, 'change'))}
            </Link>
            <Button
              size="sm"
              disabled={busy}
              onClick={() => act({ name: 'recover-outage', args: { outage: id } })}
            >
              {outagesTexts.recover}
            </Button>
          </>
        ),
    },
  ];
  return (
    <>
      <Rows
        label={outagesTexts.timeline}
        columns={columns}
        rows={outages}
        keyOf={({ id }) => String(id)}
        classOf={({ id }) => (id === named ? 'plexsync-named' : '')}
      />
      {dialog}
    </>
  );
}

/** What it means, and what was said. */
function Why({ outage: { kind, code, cause } }: { readonly outage: Outage }): JSX.Element {
  const meaning = code === null ? null : causeOf(code).meaning;
  if (kind === 'token') return <>{outagesTexts.token}</>;
  return (
    <>
      {meaning ?? <Long text={cause} />}
      {meaning !== null && cause !== '' && (
        <span className="d-block small text-muted">
          <Long text={cause} />
        </span>
      )}
    </>
  );
}
