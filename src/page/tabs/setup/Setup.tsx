// The tab Setup: step by step until PlexSync is set up, the settings from then on.
import React, { useState } from 'react';
import type { Status } from '../../../contract/status.ts';
import { useSeenStatus } from '../../live/useStatus.ts';
import { Shown } from '../../parts/Shown.tsx';
import type { Values } from '../../settings/store.ts';
import { useSettings } from '../../settings/useSettings.ts';
import { SettingsPage } from './SettingsPage.tsx';
import { Wizard } from './Wizard.tsx';

/** What the person chose here, until the status tells it as well. */
type Chosen = 'steps' | 'settings' | null;

export function Setup(): JSX.Element {
  const settings = useSettings();
  const { status, trouble } = useSeenStatus();
  const [chosen, setChosen] = useState<Chosen>(null);
  return (
    <Shown of={settings.loaded}>
      {(known) => {
        const view = chosen ?? viewOf(known.values, status, trouble !== null);
        if (view === 'steps') {
          return (
            <Wizard
              values={known.values}
              save={settings.save}
              onBegin={() => setChosen('steps')}
              onEnd={() => setChosen('settings')}
            />
          );
        }
        if (view === null) return <div className="plexsync-blank" />;
        return (
          <SettingsPage known={known} save={settings.save} onSteps={() => setChosen('steps')} />
        );
      }}
    </Shown>
  );
}

function viewOf(values: Values, status: Status | null, isTrouble: boolean): Chosen {
  const isBegun = typeof values['plexUrl'] === 'string' && values['plexUrl'] !== '';
  const hasToken = typeof values['plexToken'] === 'string' && values['plexToken'] !== '';
  if (!isBegun || !hasToken || status?.paused?.setup === true) return 'steps';
  return status === null && !isTrouble ? null : 'settings';
}
