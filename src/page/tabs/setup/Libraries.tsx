// Step 4: the libraries that Plex has, ticked as they are kept in step, with what to know of each.
import React, { useState } from 'react';
import { Alert, Button } from 'react-bootstrap';
import type { LibrariesAnswer } from '../../../contract/libraries.ts';
import { useOperation } from '../../live/useOperation.ts';
import { Switch } from '../../parts/Choice.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Path } from '../../parts/small.tsx';
import { setupTexts } from '../../texts/setup.ts';
import type { SaveStep } from './saveStep.ts';

const texts = setupTexts.libraries;
type Library = LibrariesAnswer['libraries'][number];

interface Props {
  /** The setting as it is; '' for every library of type movie. */
  readonly chosen: string;
  readonly save: SaveStep;
  readonly onSaved: () => void;
}

export function Libraries({ chosen, save, onSaved }: Props): JSX.Element {
  const libraries = useOperation('libraries');
  return (
    <>
      <p className="text-muted">{texts.help}</p>
      <Shown of={libraries}>
        {(answer) => (
          <Picker
            key={`${chosen}/${libraries.at ?? 0}`}
            answer={answer}
            wasChosen={chosen !== ''}
            save={save}
            onSaved={onSaved}
            onAgain={libraries.reload}
          />
        )}
      </Shown>
    </>
  );
}

interface PickerProps {
  readonly answer: LibrariesAnswer;
  readonly wasChosen: boolean;
  readonly save: SaveStep;
  readonly onSaved: () => void;
  readonly onAgain: () => void;
}

function Picker({ answer, wasChosen, save, onSaved, onAgain }: PickerProps): JSX.Element {
  const { libraries, problems } = answer;
  const usable = libraries.filter((one) => one.usable);
  const first = usable.filter((one) => one.chosen).map(({ id }) => id);
  const [ticked, setTicked] = useState<readonly string[]>(first);
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    setBusy(true);
    // None by name means all of them, also those that come later.
    const isAll = ticked.length === usable.length && !wasChosen;
    const isSaved = await save({ plexLibraries: isAll ? '' : namesOf(usable, ticked) });
    setBusy(false);
    if (isSaved) onSaved();
  };
  return (
    <>
      {problems.map((problem) => (
        <Alert key={problem} variant="warning">
          {problem}
        </Alert>
      ))}
      {usable.length === 0 && <Alert variant="warning">{texts.none}</Alert>}
      <ul className="plexsync-entries">
        {libraries.map((library) => (
          <li key={library.id}>
            <Entry
              library={library}
              isTicked={ticked.includes(library.id)}
              onTick={(is) =>
                setTicked((old) =>
                  is ? [...old, library.id] : old.filter((id) => id !== library.id),
                )
              }
            />
          </li>
        ))}
      </ul>
      <div className="plexsync-toolbar mb-0">
        {usable.length > 0 && (
          <Button size="sm" disabled={busy || ticked.length === 0} onClick={() => void take()}>
            {texts.use}
          </Button>
        )}
        <Button size="sm" variant="secondary" onClick={onAgain}>
          {texts.again}
        </Button>
        {usable.length > 0 && ticked.length === 0 && <span>{texts.pick}</span>}
      </div>
    </>
  );
}

function Entry({
  library: { title, type, usable, folders, warning },
  isTicked,
  onTick,
}: {
  readonly library: Library;
  readonly isTicked: boolean;
  readonly onTick: (is: boolean) => void;
}): JSX.Element {
  return (
    <div>
      {usable ? (
        <Switch label={title} checked={isTicked} onChange={onTick} />
      ) : (
        <span className="text-muted">
          {title}: {texts.notUsable(type)}
        </span>
      )}
      {usable &&
        folders.map((folder) => (
          <div key={folder} className="text-muted small plexsync-indented">
            <Path path={folder} />
          </div>
        ))}
      {warning !== null && usable && <div className="small plexsync-indented">{warning}</div>}
    </div>
  );
}

/** By name, as a person would type it; by number where the name would be read as something else. */
function namesOf(usable: readonly Library[], ticked: readonly string[]): string {
  return usable
    .filter(({ id }) => ticked.includes(id))
    .map(({ id, title }) => {
      const name = title.trim();
      const isShared = usable.filter((one) => one.title.trim() === name).length > 1;
      return name === '' || isShared || /^\d+$|,/.test(name) ? id : name;
    })
    .join(', ');
}
