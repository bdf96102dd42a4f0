// PlexSync in Stash's navigation, with a dot when a person should look. It asks for the status once
// when Stash is opened, and at most every five minutes when somebody goes from page to page.
import React, { useEffect } from 'react';
import { faSync } from '@fortawesome/free-solid-svg-icons';
import { NavLink } from 'react-router-dom';
import { pluginApi } from '../api/pluginApi.ts';
import { pagePath } from '../api/urls.ts';
import { stashNow } from '../api/clock.ts';
import { look, seenStatus } from '../live/statusStore.ts';
import { useSeenStatus } from '../live/useStatus.ts';
import { Icon } from '../parts/Icon.tsx';
import { shellTexts } from '../texts/shell.ts';
import { needsAttention } from './attention.ts';

const freshMs = 300_000;

function lookIfOld(): void {
  const { at } = seenStatus();
  if (at === null || stashNow() - at > freshMs) look();
}

export function NavItem(): JSX.Element {
  const { status } = useSeenStatus();
  useEffect(() => {
    lookIfOld();
    const { Event } = pluginApi();
    Event.addEventListener('stash:location', lookIfOld);
    return () => Event.removeEventListener('stash:location', lookIfOld);
  }, []);
  const attention = status !== null && needsAttention(status);
  const label = attention ? `${shellTexts.name}, ${shellTexts.needsAttention}` : shellTexts.name;
  return (
    <NavLink className="nav-utility plexsync-nav" to={pagePath} aria-label={label} title={label}>
      <span className="btn text-white d-flex align-items-center h-100">
        <Icon icon={faSync} />
        {attention && <span className="plexsync-dot bg-warning" />}
      </span>
    </NavLink>
  );
}
