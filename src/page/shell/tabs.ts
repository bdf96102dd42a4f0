// The tabs of the page, in their order, and the last part of their addresses. A tab is a component
// without properties in a folder of its own below `tabs/`.
import type { ComponentType } from 'react';
import type { Status } from '../../contract/status.ts';
import { Coverage } from '../tabs/coverage/Coverage.tsx';
import { History } from '../tabs/history/History.tsx';
import { Outages } from '../tabs/outages/Outages.tsx';
import { Overview } from '../tabs/overview/Overview.tsx';
import { Problems } from '../tabs/problems/Problems.tsx';
import { Queue } from '../tabs/queue/Queue.tsx';
import { Setup } from '../tabs/setup/Setup.tsx';
import { problems, waiting } from './attention.ts';
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
