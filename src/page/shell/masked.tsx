// The token's field on Stash's own page of settings, masked: what Stash draws there is drawn anew, as
// a password (stashapp/stash ui/v2.5/src/components/Settings/Inputs.tsx, `ModalSetting`).
import React from 'react';
import { Form } from 'react-bootstrap';
import type { Props } from '../api/pluginApi.ts';
import { pluginId } from '../api/urls.ts';
import { secrets } from '../settings/secrets.ts';
import { shellTexts } from '../texts/shell.ts';

/** As Stash names them (SettingsPluginsPanel.tsx). */
export const isTokenSetting = (id: unknown): boolean =>
  secrets.some((key) => id === `plugin-${pluginId}-${key}`);

export function masked(props: Props): Props {
  return {
    ...props,
    renderField: (value: unknown, set: (value: string) => void) => (
      <Form.Control
        type="password"
        autoComplete="new-password"
        className="text-input"
        aria-label={shellTexts.token}
        value={typeof value === 'string' ? value : ''}
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => set(event.target.value)}
      />
    ),
    renderValue: (value: unknown) => (
      <span>{typeof value === 'string' && value !== '' ? shellTexts.tokenSet : ''}</span>
    ),
  };
}
