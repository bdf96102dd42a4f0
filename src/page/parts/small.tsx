// Small things that every tab shows alike: times, paths, scenes.
import React from 'react';
import { Link } from 'react-router-dom';
import { coverUrl, scenePath } from '../api/urls.ts';
import { exact, relative, shortened } from '../format/words.ts';
import { useNow } from '../live/useNow.ts';
import { smallTexts } from '../texts/small.ts';

/** "2 minutes ago", with the exact time as title. @param at Unix ms */
export function Time({ at }: { readonly at: number }): JSX.Element {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={exact(at)}>
      {relative(at, now)}
    </time>
  );
}

const pathLength = 60;
/** Below a title, in one line. */
const shortPathLength = 44;

/** Shortened in the middle; whole on hover, to a screen reader, and when it is copied. */
export function Path({ path, most = pathLength }: { path: string; most?: number }): JSX.Element {
  const copyWhole = (event: React.ClipboardEvent): void => {
    event.clipboardData.setData('text/plain', path);
    event.preventDefault();
  };
  return (
    <span className="plexsync-path" title={path} onCopy={copyWhole}>
      {shortened(path, most)}
    </span>
  );
}

interface SceneProps {
  readonly scene: number;
  /** '' if it is not known. */
  readonly title: string;
  readonly path?: string;
}

/** A scene with its cover, as a link to its page in Stash. */
export function Scene({ scene, title, path = '' }: SceneProps): JSX.Element {
  return (
    <div className="plexsync-scene">
      <img className="plexsync-cover" src={coverUrl(scene)} alt="" loading="lazy" />
      <div className="plexsync-scene-words">
        <Link to={scenePath(scene)}>{title === '' ? smallTexts.untitled(scene) : title}</Link>
        {path !== '' && (
          <div className="text-muted small">
            <Path path={path} most={shortPathLength} />
          </div>
        )}
      </div>
    </div>
  );
}

/** What an empty list would show. */
export function Empty({ children }: { readonly children: React.ReactNode }): JSX.Element {
  return <p className="plexsync-empty text-muted">{children}</p>;
}
