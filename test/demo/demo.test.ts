// The demo as a person runs it in a terminal.
import { describe, expect, it } from 'vitest';
import { openInstallation } from '../../demo/installation.ts';
import { runOnce } from '../../demo/once.ts';
import { until } from '../helpers/wait.ts';
import { runDemo } from './support.ts';

describe('npm run demo', () => {
  it('with --once shows an edit before and after, and ends with 0', async () => {
    const { code, out, leftFiles, leftProcesses } = await runDemo(['--once']);
    expect(out).toMatch(/^Before +Stash +Plex$/m);
    expect(out).toMatch(/^title +Night Train to Bergen +Night Train to Bergen +=$/m);
    expect(out).toMatch(/^After +Stash +Plex$/m);
    const after = 'Night Train to Bergen (restored)';
    expect(out).toContain(`“Night Train to Bergen” → “${after}”`);
    expect(out.split('After')[1]?.split(after).length).toBe(4);
    expect(out).not.toContain('≠');
    expect(out).toMatch(/^arrived after \d+\.\d\d? s$/m);
    expect({ code, leftFiles, leftProcesses }).toEqual({
      code: 0,
      leftFiles: [],
      leftProcesses: [],
    });
  });

  it('with --once ends with 1 and the reason if Plex does not get the edit in time', async () => {
    const installation = await openInstallation();
    try {
      await installation.plex.goAway();
      const said: string[] = [];
      const say = (line: string): void => void said.push(line);
      const stop = new AbortController().signal;
      expect(await runOnce(installation, { say, limitMs: 1_000, stop })).toBe(1);
      expect(said.at(-1)).toMatch(/has not arrived in Plex within 1 s\. PlexSync says: .+/);
    } finally {
      await installation.close();
    }
  });

  it('with --seconds ends by itself, everything in Plex, and nothing is left', async () => {
    const { code, out, leftFiles, leftProcesses } = await runDemo(['--seconds', '5']);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}Stash: /m);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}→ Plex after /m);
    expect(out).toMatch(
      /^\d+ edits? in Stash changed \d+ scenes, all \d+ arrived in Plex; no outage\./m,
    );
    // Plain lines where there is no terminal.
    expect(out).not.toContain('\u001b');
    expect({ code, leftFiles, leftProcesses }).toEqual({
      code: 0,
      leftFiles: [],
      leftProcesses: [],
    });
  });

  it('ends when it is told to, and leaves nothing', async () => {
    const { code, out, leftFiles, leftProcesses } = await runDemo([], async (demo, soFar) => {
      await until('an edit has arrived', () => soFar().includes('→ Plex after'));
      demo.kill('SIGINT');
    });
    expect(out).toMatch(/edits? in Stash changed/);
    expect({ code, leftFiles, leftProcesses }).toEqual({
      code: 0,
      leftFiles: [],
      leftProcesses: [],
    });
  });

  it('says what it can be told, and what it cannot', async () => {
    const helped = await runDemo(['--help']);
    expect(helped.out).toContain('--once');
    expect(helped.code).toBe(0);
    const wrong = await runDemo(['--seconds', 'soon']);
    expect(wrong.out).toContain('--seconds must be a number');
    expect(wrong.code).toBe(1);
  });
});
