// Which process of Stash has called: its number and its start tell one life of Stash from the next.
import { processStart } from './supervisorFile.ts';

export interface Caller {
  /** 0 = not known. */
  readonly pid: number;
  /** In the form of `processStart`; 0 where it is not known. */
  readonly start: string;
}

/**
 * The parent: the launcher has become this process. On Windows it is the cmd.exe of sh.cmd, another one
 * with each call, and whose child that is only a program of its own could tell: Stash is not known there.
 */
export function callerOf(parentPid: number, platform: NodeJS.Platform = process.platform): Caller {
  if (platform === 'win32') return { pid: 0, start: '0' };
  return { pid: parentPid, start: processStart(parentPid) ?? '0' };
}
