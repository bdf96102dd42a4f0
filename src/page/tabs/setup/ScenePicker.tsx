// Scenes of Stash to choose one from: those that were changed last, or what is searched for.
import React, { useEffect, useState } from 'react';
import { Button } from 'react-bootstrap';
import type { Trouble } from '../../operation/trouble.ts';
import { Search } from '../../parts/Search.tsx';
import { TroubleBox, Working } from '../../parts/Shown.tsx';
import { Empty, Scene } from '../../parts/small.tsx';
import { askStash } from '../../settings/askStash.ts';
import { listOf, textOf, within } from '../../settings/read.ts';
import { setupTexts } from '../../texts/setup.ts';

const texts = setupTexts.trial;
const shown = 6;

interface Found {
  readonly id: number;
  readonly title: string;
  readonly path: string;
}

function scenesOf(data: unknown): readonly Found[] {
  return listOf(within(data, 'findScenes', 'scenes')).map((scene) => ({
    id: Number(within(scene, 'id')),
    title: textOf(within(scene, 'title')),
    path: textOf(within(listOf(within(scene, 'files'))[0], 'path')),
  }));
}

const query = `query PlexSyncScenes($filter: FindFilterType) {
  findScenes(filter: $filter) { scenes { id title files { path } } }
}`;

export function ScenePicker({ onPick }: { readonly onPick: (scene: number) => void }): JSX.Element {
  const [search, setSearch] = useState('');
  const [round, setRound] = useState(0);
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(true);
  useEffect(() => {
    let isWanted = true;
    setBusy(true);
    const filter = { q: search, per_page: shown, sort: 'updated_at', direction: 'DESC' };
    void askStash(scenesOf, query, { filter }).then((outcome) => {
      if (!isWanted) return;
      setBusy(false);
      setTrouble(outcome.kind === 'trouble' ? outcome.trouble : null);
      if (outcome.kind === 'answer') setFound(outcome.answer);
    });
    return () => {
      isWanted = false;
    };
  }, [search, round]);
  return (
    <>
      <div className="plexsync-toolbar plexsync-shown">
        <Search value={search} hint={texts.search} onSearch={setSearch} />
        <Working busy={busy} />
      </div>
      {trouble !== null && (
        <TroubleBox trouble={trouble} at={null} onTry={() => setRound((old) => old + 1)} />
      )}
      {found?.length === 0 && <Empty>{search === '' ? texts.noScenes : texts.none}</Empty>}
      <ul className="plexsync-entries">
        {(found ?? []).map(({ id, title, path }) => (
          <li key={id}>
            <Scene scene={id} title={title} path={path} />
            <Button
              size="sm"
              aria-label={`${texts.try}: ${title === '' ? texts.scene(id) : title}`}
              onClick={() => onPick(id)}
            >
              {texts.try}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
