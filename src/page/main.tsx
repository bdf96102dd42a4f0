// Puts PlexSync into Stash's pages: its own page, its place in the navigation, the links to it, and
// the tab on a scene's page. Stash runs this once, before it shows anything.
import React from 'react';
import { Nav, Tab } from 'react-bootstrap';
import { type Props, pluginApi } from './api/pluginApi.ts';
import { pagePath, pluginId } from './api/urls.ts';
import { SceneTab } from './scene/SceneTab.tsx';
import { SettingsLink, ToolsLink } from './shell/links.tsx';
import { isTokenSetting, masked } from './shell/masked.tsx';
import { NavItem } from './shell/NavItem.tsx';
import { Page } from './shell/Page.tsx';
import { shellTexts } from './texts/shell.ts';

const { register, patch } = pluginApi();
const sceneTabKey = 'plexsync-scene-panel';

register.route(pagePath, Page);

// Stash renders this container twice: for wide and for narrow screens.
patch.before('MainNavBar.UtilityItems', (props) => [
  {
    ...props,
    children: [
      <NavItem key="plexsync" />,
      <React.Fragment key="stash">{props.children}</React.Fragment>,
    ],
  },
]);

patch.before('SettingsToolsSection', (props) => [
  {
    ...props,
    children: [
      <React.Fragment key="stash">{props.children}</React.Fragment>,
      <ToolsLink key="plexsync" />,
    ],
  },
]);

patch.instead('PluginSettings', (props, ref, next) => {
  if (props['pluginID'] !== pluginId) return next(props, ref);
  return (
    <>
      <SettingsLink />
      {next(props, ref)}
    </>
  );
});

// Stash shows texts of plugins in clear, also the token.
patch.before('ModalSetting', (props) => [isTokenSetting(props['id']) ? masked(props) : props]);

patch.before('ScenePage.Tabs', (props) => [
  {
    ...props,
    children: [
      <React.Fragment key="stash">{props.children}</React.Fragment>,
      <Nav.Item key="plexsync">
        <Nav.Link eventKey={sceneTabKey}>{shellTexts.name}</Nav.Link>
      </Nav.Item>,
    ],
  },
]);

patch.before('ScenePage.TabContent', (props) => [
  {
    ...props,
    children: [
      <React.Fragment key="stash">{props.children}</React.Fragment>,
      <Tab.Pane key="plexsync" eventKey={sceneTabKey} mountOnEnter unmountOnExit>
        <SceneTab scene={sceneOf(props)} />
      </Tab.Pane>,
    ],
  },
]);

/** Stash's scene has its number as text. */
function sceneOf({ scene }: Props): number {
  return typeof scene === 'object' && scene !== null && 'id' in scene ? Number(scene.id) : 0;
}
