// The commands of the reconciliation: begin and end a run, the last runs, and the gaps.
import { confidences, gapKinds, gapStates } from '../contract/gaps.ts';
import { type Command, loaded, type Options, pageOptions, plain, sentenceOf } from './command.ts';

const kindOption: Options = {
  kind: { value: 'kind', does: `only of this kind: ${gapKinds.join(', ')}` },
  field: { value: 'field', does: 'only of this field, such as title or genre' },
};

export const reconcileCommands: readonly Command[] = [
  {
    ...plain,
    name: 'reconcile',
    options: {
      scope: { value: 'scope', does: 'all, 24h, 7days or custom; all unless given' },
      from: {
        value: 'time',
        does: 'of custom: changed in Stash from then on; hours ago, or a date',
      },
      to: { value: 'time', does: 'of custom: and before then' },
      library: { value: 'library', does: 'only this Plex library, by name or number' },
      kinds: { value: 'kinds', does: `only these gaps, by comma: ${gapKinds.join(', ')}` },
      'without-missing': { value: null, does: 'leave out scenes that have no Plex item' },
      dry: { value: null, does: 'only look: nothing is queued' },
    },
    does: 'compares Stash and Plex, and queues what differs',
    more: [
      'It goes on in the background, and gives way to edits: "plexsync runs" tells how far it is,',
      '"plexsync gaps" what it has found.',
    ],
    changes: true,
    load: async () => loaded((await import('../tasks/reconcile.ts')).reconcile, sentenceOf),
  },
  {
    ...plain,
    name: 'end-reconcile',
    does: 'ends the comparison under way; what it has queued stays queued',
    load: async () => loaded((await import('../tasks/reconcile.ts')).endReconcile, sentenceOf),
  },
  {
    ...plain,
    name: 'runs',
    does: 'the last 30 comparisons: when, how long, what they found and queued',
    load: async () => {
      const { runLines } = await import('./reconcileText.ts');
      return loaded((await import('../tasks/gaps.ts')).runs, runLines);
    },
  },
  {
    ...plain,
    name: 'gaps',
    options: {
      ...kindOption,
      state: { value: 'state', does: `only these: ${gapStates.join(', ')}` },
      confidence: { value: 'confidence', does: confidences.join(' or ') },
      ...pageOptions,
    },
    does: 'what differs between Stash and Plex, as the comparisons found it',
    more: [
      'waiting: for your word ("plexsync release-gaps"). found: by a dry run. queued: is pushed, or was.',
      'told: nothing is to be done about it. ignored: you did not want to see it.',
    ],
    load: async () => {
      const { gapLines } = await import('./reconcileText.ts');
      return loaded((await import('../tasks/gaps.ts')).gaps, gapLines);
    },
  },
  {
    ...plain,
    name: 'release-gaps',
    options: {
      gap: { value: 'number', does: 'only this one, as "plexsync gaps" numbers them' },
      scene: { value: 'number', does: 'only those of this scene' },
      ...kindOption,
      dry: { value: null, does: 'also what a dry run has found' },
    },
    does: 'pushes the gaps that wait for your word: all, or some of them',
    more: ['A scene is pushed as a whole: with one of its gaps all are closed.'],
    changes: true,
    load: async () => loaded((await import('../tasks/gaps.ts')).releaseGaps, sentenceOf),
  },
  {
    ...plain,
    name: 'ignore-gap',
    operands: ['gap'],
    does: 'tells of a gap no more, and queues nothing for it',
    more: ['gap: its number in "plexsync gaps". "plexsync release-gaps --gap" takes it back.'],
    load: async () => loaded((await import('../tasks/gaps.ts')).ignoreOneGap, sentenceOf),
  },
];
