// Items that a person can choose for the scene.
import React from 'react';
import { Button } from 'react-bootstrap';
import type { Acting } from '../action/useAction.tsx';
import { type Column, Rows } from '../parts/Rows.tsx';
import { Path } from '../parts/small.tsx';
import { sceneTexts } from '../texts/scene.ts';

export interface Candidate {
  readonly item: string;
  readonly title: string;
  readonly file: string;
  /** Absent: nobody has judged it. */
  readonly score?: number;
  readonly why?: string;
}

interface Props {
  readonly label: string;
  readonly candidates: readonly Candidate[];
  readonly scene: number;
  readonly acting: Acting;
  readonly done: () => void;
}

export function Candidates({ label, candidates, scene, acting, done }: Props): JSX.Element | null {
  if (candidates.length === 0) return null;
  const columns: readonly Column<Candidate>[] = [
    {
      key: 'scene',
      head: sceneTexts.item,
      cell: ({ item, title, file, score, why }) => (
        <>
          {title === '' ? sceneTexts.untitled(item) : title}
          <div className="small text-muted">
            <Path path={file} />
          </div>
          {score !== undefined && (
            <div className="small">
              {score}: {why}
            </div>
          )}
        </>
      ),
    },
    {
      key: 'actions',
      head: sceneTexts.actions,
      cell: ({ item, title }) => (
        <Button
          size="sm"
          disabled={acting.busy}
          aria-label={sceneTexts.chooseLabel(title === '' ? sceneTexts.untitled(item) : title)}
          onClick={() => acting.act({ name: 'pin', args: { scene, item }, done })}
        >
          {sceneTexts.choose}
        </Button>
      ),
    },
  ];
  return <Rows label={label} columns={columns} rows={candidates} keyOf={({ item }) => item} />;
}
