// Pictures and ratings that were given up, by cause. What is done to one is done to all of its scene.
import React from 'react';
import type { ExtrasAnswer } from '../../../contract/lists.ts';
import { counted } from '../../format/words.ts';
import { numberOf, useAddressState } from '../../live/useAddressState.ts';
import { useOperation } from '../../live/useOperation.ts';
import { useViewOf } from '../../live/useViewOf.ts';
import { Long } from '../../parts/Long.tsx';
import { Pager } from '../../parts/Pager.tsx';
import { Shown } from '../../parts/Shown.tsx';
import { Scene } from '../../parts/small.tsx';
import { problemsTexts } from '../../texts/problems.ts';
import { FailedGroups } from './FailedGroups.tsx';
import { sceneName } from './names.ts';

const pageSize = 25;
type Extra = ExtrasAnswer['rows'][number];

interface Props {
  readonly count: number;
  readonly search: string;
}

export function GivenUpExtras({ count, search }: Props): JSX.Element {
  const [{ extra: cause = '', ...address }, change] = useAddressState();
  const offset = numberOf(address['extras']);
  const args = {
    limit: pageSize,
    ...(offset > 0 ? { offset } : {}),
    ...(search === '' ? {} : { search }),
    ...(cause === '' ? {} : { cause }),
  };
  const extras = useOperation('extras', args, { live: true });
  const view = useViewOf(extras.data, JSON.stringify(args));
  const things = (number: number): string =>
    counted(number, problemsTexts.extra, problemsTexts.manyExtras);
  return (
    <section className="plexsync-section" id="plexsync-extras">
      <h2 className="h5">
        {count === 0 ? problemsTexts.extrasDone : problemsTexts.extrasTitle(things(count))}
      </h2>
      <Shown of={extras}>
        {({ rows, total, byCause }) => (
          <>
            <FailedGroups<Extra>
              list="extras"
              label={problemsTexts.extras}
              things={things}
              rows={rows}
              view={view}
              counts={search === '' ? byCause : null}
              only={cause}
              onOnly={(only) => change({ extra: only, extras: '' })}
              onDone={extras.reload}
              keyOf={({ scene, kind }) => `${scene} ${kind}`}
              actionKey={({ scene }) => `scene:${scene}`}
              // One that an earlier version gave up has none.
              codeOf={(extra) => extra.cause?.code ?? 'internal'}
              nameOf={({ scene, title }) => sceneName(scene, title)}
              lastOf={({ failedAt }) => failedAt}
              removeText={problemsTexts.askRemoveExtras.text}
              thing={({ scene, title, path }) => <Scene scene={scene} title={title} path={path} />}
              words={({ kind, message }) => (
                <div>
                  {problemsTexts.kinds[kind]}: <Long text={message ?? ''} />
                </div>
              )}
            />
            <Pager
              offset={offset}
              limit={pageSize}
              total={total}
              onOffset={(to) => change({ extras: to === 0 ? '' : String(to) })}
            />
          </>
        )}
      </Shown>
    </section>
  );
}
