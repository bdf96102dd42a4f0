// A page that is to plugins what Stash's own is: the same `window.PluginApi` with the same libraries
// in the same versions, their script and styles loaded as Stash loads them, and few pages of its own.
// All of it is written for these tests.
import * as FontAwesomeSolid from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import * as Bootstrap from 'react-bootstrap';
import ReactDOM from 'react-dom';
import * as ReactRouterDOM from 'react-router-dom';
import { Navigation, ScenePage, Setting, Settings } from './pages.tsx';
import { before, container, instead, type Props } from './patches.tsx';
import { ToastProvider, useToast } from './toasts.tsx';

const { BrowserRouter, Route, Switch, useLocation } = ReactRouterDOM;
const PluginRoutes = container('PluginRoutes');
const events = new EventTarget();

Object.assign(window, {
  PluginApi: {
    React,
    ReactDOM,
    libraries: { ReactRouterDOM, Bootstrap, FontAwesomeSolid },
    register: {
      route: (path: string, component: React.ComponentType) =>
        before('PluginRoutes', (props: Props) => [
          {
            children: (
              <>
                {props.children}
                <Route path={path} component={component} />
              </>
            ),
          },
        ]),
    },
    patch: { before, instead },
    hooks: { useToast },
    components: { Setting },
    Event: events,
  },
});

function App(): JSX.Element {
  const location = useLocation();
  useEffect(() => {
    events.dispatchEvent(new CustomEvent('stash:location', { detail: { data: { location } } }));
  }, [location]);
  return (
    <>
      <Navigation />
      <div className="main container-fluid">
        <Switch>
          <Route exact path="/scenes/:id" component={ScenePage} />
          <Route path="/settings" component={Settings} />
          <Route render={() => <PluginRoutes />} />
        </Switch>
      </div>
    </>
  );
}

interface Plugins {
  readonly data: {
    readonly plugins: readonly { readonly enabled: boolean; readonly paths: Paths }[];
  };
}
interface Paths {
  readonly javascript: readonly string[] | null;
  readonly css: readonly string[] | null;
}

function load(path: string, kind: 'script' | 'link'): Promise<void> {
  return new Promise((resolve) => {
    const element = document.createElement(kind);
    if (element instanceof HTMLScriptElement) {
      element.src = path;
      element.async = false;
    } else if (element instanceof HTMLLinkElement) {
      element.href = path;
      element.rel = 'stylesheet';
    }
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', () => resolve());
    document.head.append(element);
  });
}

/** Stash shows nothing until the scripts of all plugins are there. */
function Loader({ children }: { readonly children: React.ReactNode }): JSX.Element | null {
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    void (async () => {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: '{ plugins { enabled paths { javascript css } } }' }),
      });
      const { data } = (await response.json()) as Plugins;
      const enabled = data.plugins.filter((plugin) => plugin.enabled);
      const here = (url: string): string => new URL(url, document.baseURI).pathname;
      await Promise.all([
        ...enabled.flatMap(({ paths }) => (paths.css ?? []).map((url) => load(here(url), 'link'))),
        ...enabled.flatMap(({ paths }) =>
          (paths.javascript ?? []).map((url) => load(here(url), 'script')),
        ),
      ]);
      setLoaded(true);
    })();
  }, []);
  return loaded ? <>{children}</> : null;
}

ReactDOM.render(
  <ToastProvider>
    <Loader>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </Loader>
  </ToastProvider>,
  document.querySelector('#root'),
);
