// The tabs of the page, in their order, and the last part of their addresses. A tab is a component
// without properties in a folder of its own below `tabs/`.
import type { ComponentType } from 'react';
import type { Status } from '../../contract/status.ts';
import { pagePath } from '../api/urls.ts';
import { Coverage } from '../tabs/coverage/Coverage.tsx';
import { History } from '../tabs/history/History.tsx';
import { Outages } from '../tabs/outages/Outages.tsx';
import { Overview } from '../tabs/overview/Overview.tsx';
import { Problems } from '../tabs/problems/Problems.tsx';
import { Queue } from '../tabs/queue/Queue.tsx';
import { Setup } from '../tabs/setup/Setup.tsx';
import { shellTexts } from '../texts/shell.ts';

export interface TabKind {
  /** '' is the page itself. */
  readonly path: string;
  readonly name: string;
  readonly component: ComponentType;
  /** Behind its name; 0 shows none. */
  readonly count?: (status: Status) => number;
}

export const tabs: readonly TabKind[] = [
  { path: '', name: shellTexts.overview, component: Overview },
  { path: 'queue', name: shellTexts.queue, component: Queue, count: waiting },
  { path: 'problems', name: shellTexts.problems, component: Problems, count: problems },
  { path: 'coverage', name: shellTexts.coverage, component: Coverage },
  { path: 'outages', name: shellTexts.outages, component: Outages },
  { path: 'history', name: shellTexts.history, component: History },
  { path: 'setup', name: shellTexts.setup, component: Setup },
];

export const tabPath = (path: string): string => (path === '' ? pagePath : `${pagePath}/${path}`);

/** Changes that wait to be pushed. */
export function waiting({ queue }: Status): number {
  return queue.spooled + queue.pending + queue.inFlight;
}

/** What only a person can help: given up, or to be chosen. */
export function problems({ deadLetters, scenes }: Status): number {
  return deadLetters.count + (scenes.withoutItem['review'] ?? 0);
}
