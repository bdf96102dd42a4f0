// The settings once PlexSync is set up: all of them in groups, as Stash's own pages show theirs.
import React from 'react';
import { Button } from 'react-bootstrap';
import { useAction } from '../../action/useAction.tsx';
import { useSeenStatus } from '../../live/useStatus.ts';
import type { Known } from '../../settings/store.ts';
import { setupTexts } from '../../texts/setup.ts';
import { groupsOf } from './groups.ts';
import { KeptInStep } from './KeptInStep.tsx';
import { Mappings } from './Mappings.tsx';
import { SettingRow } from './SettingRow.tsx';
import type { Save } from './useSetting.ts';

const texts = setupTexts.settings;

interface Props {
  readonly known: Known;
  readonly save: Save;
  /** To the steps of the first time. */
  readonly onSteps: () => void;
}

export function SettingsPage({ known: { values, settings }, save, onSteps }: Props): JSX.Element {
  const { status } = useSeenStatus();
  const { act, busy, dialog } = useAction();
  const problems = status?.problems ?? [];
  return (
    <>
      {dialog}
      <div className="plexsync-toolbar">
        <h2 className="h5 mb-0">{texts.heading}</h2>
        <Button
          size="sm"
          variant="secondary"
          className="plexsync-push"
          title={texts.againHelp}
          disabled={busy}
          onClick={() => act({ name: 'pause', args: { setup: true }, done: onSteps })}
        >
          {texts.again}
        </Button>
      </div>
      {groupsOf(settings).map(({ key, title, settings: own }) => (
        <section key={key} className="card plexsync-card" aria-labelledby={`plexsync-group-${key}`}>
          <h3 className="h6" id={`plexsync-group-${key}`}>
            {title}
          </h3>
          {own.map((setting) => (
            <SettingRow
              key={setting.key}
              setting={setting}
              values={values}
              problems={problems
                .filter((problem) => problem.setting === setting.key)
                .map(({ message }) => message)}
              save={save}
            />
          ))}
          {key === 'connection' && (
            <div className="plexsync-findings-room">
              <KeptInStep
                key={['plexUrl', 'plexToken', 'plexLibraries'].map((one) => values[one]).join('/')}
              />
              <Mappings />
            </div>
          )}
        </section>
      ))}
    </>
  );
}
