// The pages of Stash that plugins add something to, as plain as can be: navigation, settings, a scene.
import React, { useState } from 'react';
import { Button, Card, Nav, Navbar, Tab } from 'react-bootstrap';
import { Link, NavLink, useLocation, useParams } from 'react-router-dom';
import { container, patched } from './patches.tsx';

const MenuItems = patched('MainNavBar.MenuItems', ({ children }) => <Nav>{children}</Nav>);
const UtilityItems = container('MainNavBar.UtilityItems');
const ToolsSection = container('SettingsToolsSection');
const SceneTabs = container('ScenePage.Tabs');
const SceneContent = container('ScenePage.TabContent');

export const Setting = patched('Setting', ({ heading, children }) => (
  <div className="setting">
    <div>
      <h3>{heading as React.ReactNode}</h3>
    </div>
    <div>{children}</div>
  </div>
));

export function Navigation(): JSX.Element {
  const utilities = (
    <NavLink className="nav-utility" to="/settings">
      <Button className="minimal" as="span">
        Settings
      </Button>
    </NavLink>
  );
  return (
    <Navbar
      fixed="top"
      variant="dark"
      bg="dark"
      className="top-nav"
      expand="xl"
      as="nav"
      aria-label="Stash"
    >
      <Navbar.Brand as="div">
        <Link className="btn minimal" to="/">
          Stash
        </Link>
      </Navbar.Brand>
      <Navbar.Collapse>
        <MenuItems>
          <Link className="btn minimal" to="/scenes">
            Scenes
          </Link>
        </MenuItems>
      </Navbar.Collapse>
      <div className="navbar-buttons ml-auto">
        <UtilityItems>{utilities}</UtilityItems>
      </div>
    </Navbar>
  );
}

/** A text that is changed in a dialog, as Stash's are (ui/v2.5/src/components/Settings/Inputs.tsx). */
const ModalSetting = patched('ModalSetting', ({ id, heading, value, renderField, renderValue }) => {
  const show = renderValue as (value: unknown) => React.ReactNode;
  const field = renderField as (
    value: unknown,
    set: (value: string) => void,
    error?: string,
  ) => React.ReactNode;
  return (
    <div className="setting" id={String(id)}>
      <h3>{heading as React.ReactNode}</h3>
      <div className="value">{show(value)}</div>
      {field(value, () => {})}
    </div>
  );
});

const PluginSettings = patched('PluginSettings', ({ pluginID }) => (
  <>
    <div className="plugin-settings">{`Settings of ${String(pluginID)}`}</div>
    {['plexUrl', 'plexToken'].map((key) => (
      <ModalSetting
        key={key}
        id={`plugin-${String(pluginID)}-${key}`}
        heading={key}
        value={`value of ${key}`}
        renderField={(value: string) => <input aria-label={key} value={value} readOnly />}
        renderValue={(value: string) => <span>{value}</span>}
      />
    ))}
  </>
));

export function Settings(): JSX.Element {
  const tab = new URLSearchParams(useLocation().search).get('tab');
  return (
    <main className="setting-section">
      <h1>Settings</h1>
      {tab === 'tools' ? (
        <>
          <Card>
            <ToolsSection>
              <Setting heading="GraphQL playground" />
            </ToolsSection>
          </Card>
          <Card>
            <ToolsSection>
              <Setting heading="Duplicate checker" />
            </ToolsSection>
          </Card>
        </>
      ) : (
        <Card>
          <PluginSettings pluginID="other" settings={[]} />
          <PluginSettings pluginID="plex-sync" settings={[]} />
        </Card>
      )}
    </main>
  );
}

export function ScenePage(): JSX.Element {
  const { id } = useParams<{ id: string }>();
  const [key, setKey] = useState('details');
  const props = { scene: { id } };
  return (
    <main className="row">
      <div className="scene-tabs">
        <Tab.Container activeKey={key} onSelect={(chosen) => setKey(chosen ?? 'details')}>
          <Nav variant="tabs" className="mr-auto">
            <SceneTabs {...props}>
              <Nav.Item>
                <Nav.Link eventKey="details">Details</Nav.Link>
              </Nav.Item>
            </SceneTabs>
          </Nav>
          <Tab.Content>
            <SceneContent {...props}>
              <Tab.Pane eventKey="details">{`Scene ${id}`}</Tab.Pane>
            </SceneContent>
          </Tab.Content>
        </Tab.Container>
      </div>
    </main>
  );
}
