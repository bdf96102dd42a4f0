// Begins a comparison of Stash with Plex, shows how far the one under way is, and ends it.
import React, { useState } from 'react';
import { Button, Form, ProgressBar } from 'react-bootstrap';
import type { CoverageAnswer } from '../../../contract/coverage.ts';
import { type GapKind, gapKinds, type RunScopeName, runScopes } from '../../../contract/gaps.ts';
import type { RunView } from '../../../contract/reconcile.ts';
import { useAction } from '../../action/useAction.tsx';
import { useOperation } from '../../live/useOperation.ts';
import type { Arguments } from '../../operation/table.ts';
import { Time } from '../../parts/small.tsx';
import { coverageTexts } from '../../texts/coverage.ts';
import { Choice, Switch } from '../../parts/Choice.tsx';
import { isScene, sumOf } from './figures.ts';

const texts = coverageTexts.compare;

interface Props {
  readonly runs: readonly RunView[];
  /** How many scenes are known, by group; null while it is not known. */
  readonly known: CoverageAnswer['counts'] | null;
  readonly onDone: () => void;
}

export function Compare({ runs, known, onDone }: Props): JSX.Element {
  const underWay = runs.find(({ state }) => state === 'running');
  return (
    <section className="card plexsync-card" aria-labelledby="plexsync-compare">
      <h2 className="h5" id="plexsync-compare">
        {texts.heading}
      </h2>
      {underWay === undefined ? (
        <CompareForm known={known} onDone={onDone} />
      ) : (
        <UnderWay run={underWay} known={known} onDone={onDone} />
      )}
    </section>
  );
}

function UnderWay({
  run,
  known,
  onDone,
}: {
  readonly run: RunView;
  readonly known: Props['known'];
  readonly onDone: () => void;
}): JSX.Element {
  const { act, busy, dialog } = useAction();
  const isWhole = run.since === null && run.until === null && run.library === null;
  const all = isWhole && known !== null ? sumOf(known, isScene) : 0;
  const words = coverageTexts.run;
  return (
    <>
      {dialog}
      <p className="mb-2">
        {all >= run.scenes && all > 0 ? words.ofAbout(run.scenes, all) : words.underWay(run.scenes)}
        , {words.begun} <Time at={run.begunAt} />. {words.found(sumOf(run.found))}{' '}
        {run.dry && words.dry}
      </p>
      {all >= run.scenes && all > 0 && (
        <ProgressBar className="mb-2" now={run.scenes} max={all} label={words.bar} srOnly />
      )}
      <Button
        size="sm"
        variant="secondary"
        disabled={busy}
        onClick={() => act({ name: 'end-reconcile', done: onDone })}
      >
        {texts.end}
      </Button>
    </>
  );
}

interface Wanted {
  readonly scope: RunScopeName;
  readonly from: string;
  readonly to: string;
  readonly library: string;
  readonly kinds: readonly GapKind[];
  readonly withoutMissing: boolean;
  readonly dry: boolean;
}

const usual: Wanted = {
  scope: 'all',
  from: '',
  to: '',
  library: '',
  kinds: [],
  withoutMissing: false,
  dry: true,
};

/** As the operation takes it: days of the browser's own calendar become moments. */
function argumentsOf({ scope, from, to, library, kinds, withoutMissing, dry }: Wanted): Arguments {
  const moment = (day: string): string => new Date(`${day}T00:00`).toISOString();
  return {
    scope,
    ...(scope === 'custom' && from !== '' ? { from: moment(from) } : {}),
    ...(scope === 'custom' && to !== '' ? { to: moment(to) } : {}),
    ...(library === '' ? {} : { library }),
    ...(kinds.length === 0 ? {} : { kinds }),
    withoutMissing,
    dry,
  };
}

function CompareForm({ known, onDone }: Pick<Props, 'known' | 'onDone'>): JSX.Element {
  const [wanted, setWanted] = useState(usual);
  const [isMore, setMore] = useState(false);
  const { act, busy, dialog } = useAction();
  const set = (change: Partial<Wanted>): void => setWanted((old) => ({ ...old, ...change }));
  const { scope, from, to, dry } = wanted;
  const lacksDates = scope === 'custom' && from === '' && to === '';
  const begin = (event: React.FormEvent): void => {
    event.preventDefault();
    const isAll = scope === 'all' && wanted.library === '';
    const scenes = isAll && known !== null ? sumOf(known, isScene) : 0;
    const { title, text, accept } = texts.ask;
    // Without a dry run it writes to Plex whatever it finds.
    const ask = { title: title(scenes), text: text(scenes), accept, variant: 'primary' } as const;
    const args = argumentsOf(wanted);
    act({ name: 'reconcile', args, done: onDone, ...(dry ? {} : { ask }) });
  };
  return (
    <Form onSubmit={begin}>
      {dialog}
      <p className="text-muted">{texts.help}</p>
      <div className="plexsync-fields">
        <Choice
          label={texts.scope}
          value={scope}
          options={runScopes.map((one) => [one, coverageTexts.scopes[one]])}
          onChange={(value) => set({ scope: runScopes.find((one) => one === value) ?? 'all' })}
        />
        {scope === 'custom' && (
          <>
            <Day label={texts.from} value={from} onChange={(value) => set({ from: value })} />
            <Day label={texts.to} value={to} onChange={(value) => set({ to: value })} />
          </>
        )}
      </div>
      <Switch label={texts.dry} checked={dry} onChange={(value) => set({ dry: value })} />
      {isMore && <More wanted={wanted} set={set} />}
      <div className="plexsync-toolbar mt-3 mb-0">
        <Button type="submit" size="sm" disabled={busy || lacksDates}>
          {dry ? texts.beginDry : texts.begin}
        </Button>
        {!isMore && (
          <Button size="sm" variant="secondary" onClick={() => setMore(true)}>
            {texts.more}
          </Button>
        )}
        {lacksDates && <span className="text-muted">{texts.dates}</span>}
      </div>
    </Form>
  );
}

interface MoreProps {
  readonly wanted: Wanted;
  readonly set: (change: Partial<Wanted>) => void;
}

function More({ wanted, set }: MoreProps): JSX.Element {
  const libraries = useOperation('libraries').data?.libraries ?? [];
  const { library, kinds, withoutMissing } = wanted;
  const names = libraries
    .filter(({ chosen }) => chosen)
    .map(({ id, title }) => [id, title] as const);
  return (
    <>
      <div className="plexsync-fields mt-2">
        <Choice
          label={texts.library}
          value={library}
          options={[['', texts.everyLibrary], ...names]}
          onChange={(value) => set({ library: value })}
        />
      </div>
      <fieldset className="mt-2">
        <legend className="plexsync-legend">{texts.kinds}</legend>
        <div className="plexsync-checks">
          {gapKinds.map((kind) => (
            <Switch
              key={kind}
              label={coverageTexts.kinds[kind]}
              checked={kinds.includes(kind)}
              onChange={(value) =>
                set({ kinds: value ? [...kinds, kind] : kinds.filter((one) => one !== kind) })
              }
            />
          ))}
        </div>
      </fieldset>
      <Switch
        label={texts.withoutMissing}
        checked={withoutMissing}
        onChange={(value) => set({ withoutMissing: value })}
      />
    </>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Day({ label, value, onChange }: DayProps): JSX.Element {
  return (
    <label className="plexsync-field">
      <span>{label}</span>
      <Form.Control
        type="date"
        size="sm"
        className="bg-secondary text-white border-secondary"
        value={value}
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => onChange(event.target.value)}
      />
    </label>
  );
}
