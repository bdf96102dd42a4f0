// What one can do about the state: the one thing that helps as a button, the rest in a menu where
// each says what it does.
import React from 'react';
import { Button, Dropdown } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Status } from '../../../contract/status.ts';
import { type Acting, useAction } from '../../action/useAction.tsx';
import { number } from '../../format/words.ts';
import { tabPath } from '../../api/urls.ts';
import { overviewTexts } from '../../texts/overview.ts';
import type { HeadlineKind } from './headline.ts';

interface Props {
  readonly status: Status;
  readonly kind: HeadlineKind;
}

export function Actions({ status, kind }: Props): JSX.Element {
  const acting = useAction();
  return (
    <div className="plexsync-actions">
      <Helping kind={kind} acting={acting} status={status} />
      <Menu status={status} acting={acting} />
      {acting.dialog}
    </div>
  );
}

function Helping({ kind, acting, status }: Props & { acting: Acting }): JSX.Element | null {
  const { act, busy } = acting;
  const button = (name: string, onClick: () => void): JSX.Element => (
    <Button size="sm" disabled={busy} onClick={onClick}>
      {name}
    </Button>
  );
  switch (kind) {
    case 'paused':
      return button(overviewTexts.resume, () => act({ name: 'resume' }));
    case 'working':
      return button(overviewTexts.pause, () => act({ name: 'pause' }));
    case 'away':
      return button(overviewTexts.tryNow, () => act({ name: 'process' }));
    case 'standing':
      return button(overviewTexts.processNow, () => act({ name: 'process' }));
    case 'lost':
      return button(overviewTexts.syncAll, () => syncAll(acting, status));
    case 'setup':
    case 'refused':
    case 'wrong':
      return (
        <Link className="btn btn-primary btn-sm" to={tabPath('setup')}>
          {overviewTexts.openSetup}
        </Link>
      );
    case 'good':
    case 'rest':
      return null;
  }
}

function syncAll({ act }: Acting, { scenes }: Status): void {
  const { title, text, accept } = overviewTexts.askAll;
  act({
    name: 'sync-all',
    ask: { title, text: text(number(scenes.matched)), accept, variant: 'primary' },
  });
}

function Menu({ status, acting }: { status: Status; acting: Acting }): JSX.Element {
  const { act, busy } = acting;
  const { menu } = overviewTexts;
  const item = (
    { name, help }: { name: string; help: string },
    onClick: () => void,
  ): JSX.Element => (
    <Dropdown.Item as="button" type="button" onClick={onClick}>
      {name}
      <span className="d-block small text-muted">{help}</span>
    </Dropdown.Item>
  );
  return (
    <Dropdown alignRight className="plexsync-menu show-carat">
      <Dropdown.Toggle size="sm" variant="secondary" id="plexsync-sync-menu" disabled={busy}>
        {overviewTexts.sync}
      </Dropdown.Toggle>
      <Dropdown.Menu>
        {item(menu.process, () => act({ name: 'process' }))}
        {item(menu.changed, () => act({ name: 'sync-changed' }))}
        {item(menu.all, () => syncAll(acting, status))}
        {status.paused === null
          ? item(menu.pause, () => act({ name: 'pause' }))
          : item(menu.resume, () => act({ name: 'resume' }))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
