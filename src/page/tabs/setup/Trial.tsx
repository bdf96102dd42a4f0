// Step 6: one scene is picked, what would be written to Plex is shown, and written when the person
// clicks. The one write that the setup lets through.
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { setupTexts } from '../../texts/setup.ts';
import { ScenePicker } from './ScenePicker.tsx';
import { TrialScene } from './TrialScene.tsx';

const texts = setupTexts.trial;

export function Trial({ onNext }: { readonly onNext: () => void }): JSX.Element {
  const [scene, setScene] = useState<number | null>(null);
  const [isWritten, setWritten] = useState(false);
  return (
    <>
      <p className="text-muted">{texts.help}</p>
      {scene === null ? (
        <ScenePicker onPick={setScene} />
      ) : (
        <TrialScene key={scene} scene={scene} onWritten={() => setWritten(true)} />
      )}
      <div className="plexsync-toolbar mb-0 mt-3">
        {scene !== null && (
          <Button
            size="sm"
            variant="secondary"
            onClick={() => {
              setScene(null);
              setWritten(false);
            }}
          >
            {texts.other}
          </Button>
        )}
        <Button size="sm" variant={isWritten ? 'primary' : 'secondary'} onClick={onNext}>
          {isWritten ? setupTexts.next : texts.skip}
        </Button>
      </div>
    </>
  );
}
