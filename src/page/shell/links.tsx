// The ways to the page from Stash's settings: from the plugin's own, and from Tools.
import React, { useEffect, useState } from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { pluginApi } from '../api/pluginApi.ts';
import { pagePath } from '../api/urls.ts';
import { shellTexts } from '../texts/shell.ts';

let isShown = false;

/** Whether this is the first of those that are there at once. */
function useFirst(): boolean {
  const [first, setFirst] = useState(false);
  useEffect(() => {
    if (isShown) return;
    isShown = true;
    setFirst(true);
    return () => {
      isShown = false;
    };
  }, []);
  return first;
}

/**
 * As Stash's own tools are listed. Stash has two groups of them in containers of one name: the link
 * stands in the first (stashapp/stash ui/v2.5/src/components/Settings/SettingsToolsPanel.tsx).
 */
export function ToolsLink(): JSX.Element | null {
  const { Setting } = pluginApi().components;
  const first = useFirst();
  if (Setting === undefined || !first) return null;
  return (
    <Setting
      heading={
        <Link to={pagePath}>
          <Button>{shellTexts.name}</Button>
        </Link>
      }
    />
  );
}

/** Above the plugin's settings. */
export function SettingsLink(): JSX.Element {
  return (
    <div className="setting">
      <div>
        <h3>{shellTexts.name}</h3>
        <div className="sub-heading">{shellTexts.openFromSettings}</div>
      </div>
      <div>
        <Link className="btn btn-primary" to={pagePath}>
          {shellTexts.open}
        </Link>
      </div>
    </div>
  );
}
