// What the check of the settings says to the person who typed them, and what it must never say.
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { reconcileArguments } from '../../src/contract/reconcile.ts';
import {
  checkSettings,
  matchThresholds,
  type SettingProblem,
  type Settings,
  timeoutDefaultsSeconds,
} from '../../src/contract/settings.ts';
import { scores } from '../../src/domain/match/match.ts';

const token = 'xyzzy-Secret-4711';
const right = { plexUrl: 'http://192.168.1.10:32400', plexToken: token };

function problemsOf(raw: Readonly<Record<string, unknown>>): readonly SettingProblem[] {
  const check = checkSettings(raw);
  return check.kind === 'invalid' ? check.problems : [];
}

function settingsOf(raw: Readonly<Record<string, unknown>>): Settings {
  const check = checkSettings(raw);
  if (check.kind === 'invalid') throw new Error(JSON.stringify(check.problems));
  return check.settings;
}

describe('[1.0 VALID-03] the check of the settings', () => {
  it('names eight wrong settings in eight lines at once', () => {
    const problems = problemsOf({
      plexUrl: '192.168.1.10',
      plexToken: 'two words',
      plexLibraries: 'Videos,,Clips',
      pathMappings: 'data=>media',
      plexConnectTimeout: -1,
      plexReadTimeout: 601,
      matchThreshold: 101,
      askPlexToScan: 'yes',
    });
    expect(problems.map((problem) => problem.setting)).toEqual([
      'plexUrl',
      'plexToken',
      'plexLibraries',
      'pathMappings',
      'plexConnectTimeout',
      'plexReadTimeout',
      'matchThreshold',
      'askPlexToScan',
    ]);
    for (const { message } of problems) expect(message).toMatch(/[a-z].*\S$/s);
  });

  it('asks for address and token, and for nothing else, when nothing was ever typed', () => {
    expect(problemsOf({}).map((problem) => problem.setting)).toEqual(['plexUrl', 'plexToken']);
  });

  it('takes 0, an empty text and an absent value for "the default", number by number', () => {
    for (const unset of [0, '', '  ', undefined, null, -0]) {
      const settings = settingsOf({
        ...right,
        plexConnectTimeout: unset,
        plexReadTimeout: unset,
        plexWriteTimeout: unset,
      });
      expect(settings.connectTimeoutMs).toBe(timeoutDefaultsSeconds.connect * 1_000);
      expect(settings.readTimeoutMs).toBe(timeoutDefaultsSeconds.read * 1_000);
      expect(settings.writeTimeoutMs).toBe(timeoutDefaultsSeconds.write * 1_000);
    }
  });

  it('[1.0 ADV-03] takes 0, an empty text and an absent value for no ceiling on requests', () => {
    for (const unset of [0, '', undefined, null]) {
      expect(settingsOf({ ...right, plexRequestsPerSecond: unset }).writesPerSecond).toBeNull();
    }
    for (const wrong of [-1, 0.05, 1_001, Number.NaN, '5', true]) {
      const check = checkSettings({ ...right, plexRequestsPerSecond: wrong });
      expect([wrong, check]).toMatchObject([
        wrong,
        { kind: 'invalid', problems: [{ setting: 'plexRequestsPerSecond' }] },
      ]);
    }
  });

  it('[1.5 RECV-06] takes either recovery strategy in any case, none for the careful one, and no other', () => {
    for (const unset of ['', ' ', undefined, null]) {
      const { recoveryStrategy } = settingsOf({ ...right, recoveryStrategy: unset });
      expect(recoveryStrategy).toBe('conservative');
    }
    const bold = settingsOf({ ...right, recoveryStrategy: ' Aggressive ' });
    expect(bold.recoveryStrategy).toBe('aggressive');
    for (const wrong of ['bold', 3, true]) {
      const [problem, ...others] = problemsOf({ ...right, recoveryStrategy: wrong });
      expect(others).toEqual([]);
      expect(problem?.setting).toBe('recoveryStrategy');
      expect(problem?.message).not.toContain('bold');
    }
  });

  it('takes an empty text and an absent value for "none" where a text may be missing', () => {
    for (const unset of ['', '   ', undefined, null]) {
      const settings = settingsOf({ ...right, plexLibraries: unset, pathMappings: unset });
      expect(settings.plexLibraries).toEqual([]);
      expect(settings.pathRules).toEqual([]);
    }
  });

  it('reads what was typed, without the blanks around it', () => {
    expect(
      settingsOf({
        plexUrl: '  https://plex.example/base/ ',
        plexToken: ` ${token}\n`,
        plexLibraries: ' Videos , 5',
        pathMappings: '/data => /media; D:\\clips=>/mnt/clips',
        plexConnectTimeout: 1,
        plexReadTimeout: 600,
        plexWriteTimeout: 90,
        plexRequestsPerSecond: 2.5,
        matchThreshold: 70,
        askPlexToScan: true,
        withdrawWhenGone: true,
        taskSliceMinutes: 30,
      }),
    ).toEqual({
      plexUrl: 'https://plex.example/base',
      plexToken: token,
      plexLibraries: ['Videos', '5'],
      pathRules: [
        { stash: '/data', plex: '/media' },
        { stash: 'D:\\clips', plex: '/mnt/clips' },
      ],
      connectTimeoutMs: 1_000,
      readTimeoutMs: 600_000,
      writeTimeoutMs: 90_000,
      writesPerSecond: 2.5,
      matchThreshold: 70,
      askPlexToScan: true,
      withdrawWhenGone: true,
      taskSliceMs: 30 * 60_000,
      recoveryStrategy: 'conservative',
      reconcile: {
        every: 'never',
        limit: 1_000,
        catchesUp: true,
        asSet: v.parse(reconcileArguments, {}),
      },
      viewing: { fields: [], token: '', rule: 'later' },
      // What they hold: fieldSettings.test.ts.
      fields: settingsOf(right).fields,
      gates: settingsOf(right).gates,
    });
  });

  it('[1.0 MATCH-03] takes 80 for the threshold of a match unless another is typed', () => {
    for (const unset of [0, -0, '', undefined, null]) {
      expect(settingsOf({ ...right, matchThreshold: unset }).matchThreshold).toBe(80);
    }
    expect(settingsOf(right).matchThreshold).toBe(matchThresholds.default);
    for (const typed of [65, 80.5, 98]) {
      expect(settingsOf({ ...right, matchThreshold: typed }).matchThreshold).toBe(typed);
    }
  });

  it.each([
    64,
    98.5,
    99,
    100,
    -80,
    0.5,
    '80',
    ' ',
    true,
    [],
    {},
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])(
    '[1.0 MATCH-03] does not accept %j as the threshold, and says what would do',
    (matchThreshold) => {
      const problems = problemsOf({ ...right, matchThreshold });
      expect(problems.map((problem) => problem.setting)).toEqual(['matchThreshold']);
      expect(problems[0]?.message).toMatch(/number between 65 and 98 \(0 = 80\), but is /);
    },
  );

  it('has a threshold that lets the same path through and never a title or bytes alone', () => {
    expect(matchThresholds.highest).toBe(scores.path);
    expect(matchThresholds.lowest).toBeGreaterThan(Math.max(scores.sizeDuration, scores.text));
    expect(matchThresholds.default).toBeGreaterThanOrEqual(matchThresholds.lowest);
  });

  it.each(['askPlexToScan', 'withdrawWhenGone'] as const)(
    'takes the switch %s for off until it is switched on, and nothing else for a switch',
    (setting) => {
      for (const off of [undefined, null, false]) {
        expect(settingsOf({ ...right, [setting]: off })[setting]).toBe(false);
      }
      expect(settingsOf({ ...right, [setting]: true })[setting]).toBe(true);
      for (const wrong of ['true', '', 1, 0, [], {}]) {
        const problems = problemsOf({ ...right, [setting]: wrong });
        expect(problems.map((problem) => problem.setting)).toEqual([setting]);
        expect(problems[0]?.message).toMatch(/^must be switched on or off, but is /);
      }
    },
  );

  it.each([
    ['plain words', 'plex'],
    ['an address without its scheme', '192.168.1.10:32400'],
    ['a name and port without a scheme', 'localhost:32400'],
    ['another scheme', 'ftp://192.168.1.10'],
    ['a script', 'javascript:alert(1)'],
    ['a file', 'file:///etc/passwd'],
    ['a scheme and nothing else', 'http://'],
    ['a port out of range', 'http://plex:99999'],
    ['a blank inside', 'http://my plex:32400'],
    ['a name and password', 'http://me:secret@plex:32400'],
    ['the token in the query', `http://plex:32400/?X-Plex-Token=${token}`],
    ['the web app', 'http://plex:32400/web/index.html#!/media'],
  ])('does not accept %s as the address', (_, plexUrl) => {
    const problems = problemsOf({ ...right, plexUrl });
    expect(problems.map((problem) => problem.setting)).toEqual(['plexUrl']);
  });

  it.each([
    ['a host name', 'http://plex:32400'],
    ['an IPv6 address', 'http://[fe80::1]:32400'],
    ['a reverse proxy with a path', 'https://example.org/plex'],
    ['capitals', 'HTTP://PLEX:32400'],
  ])('accepts %s as the address', (_, plexUrl) => {
    expect(problemsOf({ ...right, plexUrl })).toEqual([]);
  });

  it.each([true, false, [], ['a'], {}, 17, () => 1])('says so when a text is %j', (value) => {
    const raw = { plexUrl: value, plexToken: value, plexLibraries: value, pathMappings: value };
    const problems = problemsOf(raw);
    expect(problems.map((problem) => problem.setting)).toEqual(Object.keys(raw));
    for (const { message } of problems) expect(message).toMatch(/^must be a text, but is /);
  });

  it.each([true, '30', 'soon', [], {}, -5, 601, Number.NaN, Number.POSITIVE_INFINITY])(
    'says so when a number of seconds is %j',
    (value) => {
      const problems = problemsOf({ ...right, plexReadTimeout: value });
      expect(problems.map((problem) => problem.setting)).toEqual(['plexReadTimeout']);
      expect(problems[0]?.message).toContain('number of seconds');
    },
  );

  it('names every bad rule of the path mappings and keeps quiet about the good ones', () => {
    const problems = problemsOf({ ...right, pathMappings: '/a=>/b; oops; x=>/y; /c=>/d=>/e' });
    expect(problems.map((problem) => problem.setting)).toEqual(Array(3).fill('pathMappings'));
    for (const [at, quoted] of ['"oops"', '"x"', '"/c=>/d=>/e"'].entries()) {
      expect(problems[at]?.message).toContain(quoted);
    }
  });

  it('never repeats the token, in whatever form it was typed', () => {
    const wrongElsewhere = {
      plexUrl: 'nowhere',
      plexLibraries: ',',
      pathMappings: 'x',
      plexConnectTimeout: 'x',
      plexReadTimeout: -1,
    };
    const spoilt = [
      'two words 4711',
      'with\u0000nul',
      'ünïcode',
      'a\tb',
      4711471147114711,
      -1.5e300,
    ];
    for (const plexToken of [...spoilt, [token], { token }, token]) {
      const told = JSON.stringify(problemsOf({ ...wrongElsewhere, plexToken }));
      for (const secret of [token, '4711', '1.5e', 'two words', 'nul', 'ünï']) {
        expect(told).not.toContain(secret);
      }
    }
  });

  it('never throws and never leaks, whatever Stash answers', () => {
    const anything = fc.oneof(fc.anything(), fc.string(), fc.double(), fc.webUrl());
    const names = [
      'plexUrl',
      'plexLibraries',
      'pathMappings',
      'plexConnectTimeout',
      'plexReadTimeout',
      'plexWriteTimeout',
      'matchThreshold',
      'askPlexToScan',
      'withdrawWhenGone',
    ] as const;
    fc.assert(
      fc.property(
        fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] }),
        fc.constantFrom('', ' ', '\u0007'),
        (raw, spoil) => {
          const check = checkSettings({ ...raw, plexToken: `${token}${spoil}${token}` });
          if (check.kind === 'valid') {
            const { connectTimeoutMs, readTimeoutMs, writeTimeoutMs, matchThreshold } =
              check.settings;
            expect(matchThreshold).toBeGreaterThanOrEqual(matchThresholds.lowest);
            expect(matchThreshold).toBeLessThanOrEqual(matchThresholds.highest);
            for (const ms of [connectTimeoutMs, readTimeoutMs, writeTimeoutMs]) {
              expect(ms).toBeGreaterThan(0);
              expect(ms).toBeLessThanOrEqual(600_000);
            }
          } else {
            expect(check.problems.length).toBeGreaterThan(0);
            expect(JSON.stringify(check.problems)).not.toContain(token);
          }
        },
      ),
      { numRuns: 500, seed: 11 },
    );
  });
});
