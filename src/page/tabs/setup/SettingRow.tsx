// One setting: its name and help left, its control right, and below it what became of saving it, or
// what is wrong with what is saved.
import React from 'react';
import { Button } from 'react-bootstrap';
import { TroubleBox } from '../../parts/Shown.tsx';
import type { Described, Values } from '../../settings/store.ts';
import { secrets } from '../../settings/secrets.ts';
import { setupTexts } from '../../texts/setup.ts';
import { Control } from './Control.tsx';
import { Policies } from './Policies.tsx';
import { type Save, type SettingState, useSetting } from './useSetting.ts';

const texts = setupTexts.settings;

interface Props {
  readonly setting: Described;
  readonly values: Values;
  /** What PlexSync found wrong with it as it is saved. */
  readonly problems: readonly string[];
  readonly save: Save;
}

export function SettingRow({ setting, values, problems, save }: Props): JSX.Element {
  const { key, name, help } = setting;
  const { state, put, force, dismiss } = useSetting(key, values, save);
  const isTable = key === 'fields';
  // A choice does not jump back while it is saved.
  const value = state.kind === 'saving' ? state.mine : values[key];
  return (
    <div className={isTable ? 'plexsync-setting plexsync-setting-wide' : 'plexsync-setting'}>
      <div>
        {isTable ? (
          <div className="plexsync-setting-name">{name}</div>
        ) : (
          <label htmlFor={`plexsync-setting-${key}`} className="plexsync-setting-name">
            {name}
          </label>
        )}
        <div className="text-muted small" id={`plexsync-help-${key}`}>
          {isTable ? texts.policies.help : help}
        </div>
      </div>
      <div>
        {isTable ? (
          <Policies text={textOf(value)} onChange={put} />
        ) : (
          <Control setting={setting} value={value} onChange={put} />
        )}
      </div>
      <div className="plexsync-setting-note" role="status">
        <Note state={state} isSecret={secrets.includes(key)} onForce={force} onDismiss={dismiss} />
        {(state.kind === 'rest' || state.kind === 'saved') &&
          problems.map((message) => <div key={message}>{`${name} ${message}`}</div>)}
      </div>
    </div>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface NoteProps {
  readonly state: SettingState;
  readonly isSecret: boolean;
  readonly onForce: (value: unknown) => void;
  readonly onDismiss: () => void;
}

function Note({ state, isSecret, onForce, onDismiss }: NoteProps): JSX.Element | null {
  switch (state.kind) {
    case 'rest':
      return null;
    case 'saving':
      return <>{texts.saving}</>;
    case 'saved':
      return <>{texts.saved}</>;
    case 'wrong':
      return (
        <>
          {state.messages.map((message) => (
            <div key={message}>{`${texts.notSaved} ${message}`}</div>
          ))}
        </>
      );
    case 'trouble':
      return <TroubleBox trouble={state.trouble} at={null} onTry={() => onForce(state.mine)} />;
    case 'conflict':
      return (
        <span className="plexsync-toolbar mb-0">
          <span>{texts.conflict(isSecret ? '…' : shown(state.theirs))}</span>
          <Button size="sm" variant="secondary" onClick={() => onForce(state.mine)}>
            {texts.keepMine}
          </Button>
          <Button size="sm" variant="secondary" onClick={onDismiss}>
            {texts.takeTheirs}
          </Button>
        </span>
      );
  }
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? texts.on : texts.off;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? `“${value}”` : texts.empty;
}
