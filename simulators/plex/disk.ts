/** What lies on the disk and no scan has seen yet: new files, and files in a new place. */
import { baseName } from './item.ts';

export interface NewFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly durationMs?: number;
  /** False: Plex has not looked into the file yet, and tells neither its size nor its duration. */
  readonly analysed?: boolean;
}

export interface UnscannedFile {
  readonly file: NewFile;
  /** Where it lay when Plex last looked, if Plex knows it. */
  readonly movedFrom?: string;
}

export class Disk {
  readonly #unscanned = new Map<string, UnscannedFile[]>();

  add(sectionId: string, file: UnscannedFile): void {
    this.#unscanned.set(sectionId, [...this.unscanned(sectionId), file]);
  }

  unscanned(sectionId: string): readonly UnscannedFile[] {
    return this.#unscanned.get(sectionId) ?? [];
  }

  /** What lies in the folder or below, which counts as seen from now on; without one, all of it. */
  take(sectionId: string, folder: string | undefined): readonly UnscannedFile[] {
    const { in: found = [], out: left = [] } = Object.groupBy(
      this.unscanned(sectionId),
      ({ file }) => (folder === undefined || isBelow(file.path, folder) ? 'in' : 'out'),
    );
    this.#unscanned.set(sectionId, left);
    return found;
  }
}

/** Letter by letter: that a scan takes another spelling of a folder has not been shown [?]. */
function isBelow(path: string, folder: string): boolean {
  const bare = folder.replace(/[/\\]+$/, '');
  return path.startsWith(bare) && /^[/\\]/.test(path.slice(bare.length));
}

/** What the scanner calls a file that no agent knows: its name without the ending. */
export function scannerTitle(path: string): string {
  return baseName(path).replace(/\.[^.]+$/, '');
}
