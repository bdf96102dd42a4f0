// The page: its name, its tabs, and the one that the address names.
import React, { useEffect, useRef } from 'react';
import { Badge, Nav } from 'react-bootstrap';
import { Link, NavLink, Route, Switch, useLocation } from 'react-router-dom';
import { number } from '../format/words.ts';
import { lookAgain } from '../live/statusStore.ts';
import { useLiveStatus } from '../live/useStatus.ts';
import { TroubleBox } from '../parts/Shown.tsx';
import { shellTexts } from '../texts/shell.ts';
import { type TabKind, tabs } from './tabs.ts';
import { tabPath } from '../api/urls.ts';

/** The tabs that show the status itself say so when it is old. */
const tellThemselves: ReadonlySet<string> = new Set([tabPath(''), tabPath('problems')]);

export function Page(): JSX.Element {
  const { status, trouble, at } = useLiveStatus();
  const { pathname } = useLocation();
  useTitle(shellTexts.name);
  // Then no tab can show anything: each asks anew when there is one.
  const isWithoutNode = trouble !== null && trouble.node !== null;
  const nav = useShownTab(status === null);
  return (
    <div className="plexsync" aria-busy={status === null && trouble === null}>
      <header className="plexsync-header">
        <h1 className="h3">{shellTexts.name}</h1>
        <Nav
          as="nav"
          variant="tabs"
          ref={nav}
          className="plexsync-tabs"
          aria-label={shellTexts.name}
        >
          {tabs.map((tab) => (
            <Tab
              key={tab.path}
              tab={tab}
              count={status === null ? 0 : (tab.count?.(status) ?? 0)}
            />
          ))}
        </Nav>
      </header>
      {trouble !== null && (isWithoutNode || !tellThemselves.has(pathname)) && (
        <TroubleBox trouble={trouble} at={at} onTry={lookAgain} />
      )}
      {isWithoutNode || <Tabs />}
    </div>
  );
}

function Tabs(): JSX.Element {
  return (
    <Switch>
      {tabs.map(({ path, component }) => (
        <Route key={path} exact path={tabPath(path)} component={component} />
      ))}
      <Route render={() => <NoPage />} />
    </Switch>
  );
}

function Tab({ tab: { path, name }, count }: { tab: TabKind; count: number }): JSX.Element {
  return (
    <NavLink exact to={tabPath(path)} className="nav-link">
      {name}
      {count > 0 && (
        <Badge variant="secondary" className="ml-1">
          {number(count)}
        </Badge>
      )}
    </NavLink>
  );
}

function NoPage(): JSX.Element {
  return (
    <p>
      {shellTexts.noPage} <Link to={tabPath('')}>{shellTexts.toOverview}</Link>
    </p>
  );
}

/** On a narrow screen the tabs scroll: the one that is open is in sight. */
function useShownTab(isEmpty: boolean): React.RefObject<HTMLElement> {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    const active = nav.current?.querySelector<HTMLElement>('.active');
    if (nav.current === null || active === null || active === undefined) return;
    nav.current.scrollLeft =
      active.offsetLeft -
      nav.current.offsetLeft -
      (nav.current.clientWidth - active.offsetWidth) / 2;
    // The numbers behind the names come with the first status.
  }, [pathname, isEmpty]);
  return nav;
}

function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);
}
