// Files that hold what Stash writes to a hook's standard input for one edit.
import { appendFileSync, writeFileSync } from 'node:fs';
import { pluginStdin } from '../simulators/stash/plugins/stdin.ts';

export interface PayloadOptions {
  /** Folder of Stash's configuration, where the hook puts its data directory. */
  readonly directory: string;
  readonly pluginDirectory: string;
  readonly port: number;
  readonly cookieValue: string;
  readonly sceneId: number;
  /** Bytes of a cover picture that is saved with the edit, as base64; 0 = none. */
  readonly coverBytes?: number;
}

const place = '@cover@';

/** Writes the file. The cover goes in piece by piece: a big parent is slow to start processes. */
export function writePayload(path: string, options: PayloadOptions): void {
  const { directory, pluginDirectory, port, cookieValue, sceneId, coverBytes = 0 } = options;
  const cover = coverBytes > 0 ? `data:image/jpeg;base64,${place}` : null;
  const text = pluginStdin(
    { scheme: 'http', host: '0.0.0.0', port, cookieValue, directory, pluginDirectory },
    {
      hookContext: new Map<string, unknown>([
        ['id', sceneId],
        ['type', 'Scene.Update.Post'],
        ['input', { id: String(sceneId), title: `Scene ${sceneId}`, cover_image: cover }],
        ['inputFields', ['id', 'title', 'cover_image']],
      ]),
    },
  );
  const [before = '', after] = text.split(place);
  writeFileSync(path, before);
  if (after === undefined) return;
  const piece = Buffer.alloc(64 * 1024, 'A');
  for (let left = coverBytes; left > 0; left -= piece.length) {
    appendFileSync(path, piece.subarray(0, Math.min(left, piece.length)));
  }
  appendFileSync(path, after);
}
