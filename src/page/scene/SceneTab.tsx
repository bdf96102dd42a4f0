// PlexSync on a scene's page of Stash.
import React from 'react';

export function SceneTab({ scene }: { readonly scene: number }): JSX.Element {
  return <div className="plexsync">{scene}</div>;
}
