import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDiscreet } from '../../src/domain/words/discreet.ts';
import { crashOf } from '../../src/domain/words/discreetCrash.ts';

const nothing = { hosts: [], folders: [], names: [] };
const discreet = openDiscreet(nothing).text;
const here = openDiscreet({
  hosts: ['nas', 'plex.john-smith.example', 'johnsbox', '2003:e1:2f::15'],
  folders: ['/Users/John Smith/.stash/plex-sync', '/opt/stash/plugins/plex-sync', 'C:\\Users\\J S'],
  names: ['jsmith', 'ann', 'root'],
});

describe('a text in a support report', () => {
  it.each([
    [
      'Plex at http://192.168.1.20:32400 cannot be reached (ECONNREFUSED).',
      'Plex at <address> cannot be reached (ECONNREFUSED).',
    ],
    [
      'Plex at plex.john-smith.example:32400 cannot be reached: no such host name.',
      'Plex at <address> cannot be reached: no such host name.',
    ],
    ['Plex at [2003:e1:2f::15]:32400 cannot', 'Plex at <address> cannot'],
    ['Plex at johns-nas:32400 cannot', 'Plex at <address> cannot'],
    ['What answers at johns-nas does not', 'What answers at <address> does not'],
    ['getaddrinfo ENOTFOUND johns-nas', 'getaddrinfo ENOTFOUND <address>'],
    ['through fe80::1%eth0, it says', 'through <address>, it says'],
    ['ask john@smith.example', 'ask <address>'],
    ['Stash at https://stash.example.org: refused', 'Stash at <address> refused'],
    ['library "My Videos" is gone', 'library <name> is gone'],
    ['cannot read "/data/Ann Bell/clip one.mp4"', 'cannot read <name>'],
    ['cannot read /data/Ann/clip.mp4', 'cannot read <path>'],
    ['cannot open /Users/John Smith/.stash/plex-sync.db', 'cannot open <path>'],
    [
      "EACCES: permission denied, mkdir '/mnt/user/My Secret/stash config/spool'",
      "EACCES: permission denied, mkdir '<path>'",
    ],
    ['D:\\Videos\\Ann Bell\\x.mp4 is missing', '<path>'],
    ['\\\\nas\\My Videos\\x.mp4', '<path>'],
    ['moved from Folder/Ann/x.mp4', 'moved from <path>'],
    ['x.mp4 of smith.example', '<name> of <name>'],
    ['connect 10.0.0.5:32400', 'connect <address>'],
    ['token abcdef0123456789XYZ was refused', 'token <…> was refused'],
    ['token abcdefghijklmnopqrstuvwxyz was refused', 'token <…> was refused'],
    ['Stash could not answer: no such file Ann.mp4', 'Stash could not answer: <…>'],
    [
      'Stash could not answer: error executing `SELECT x\nFROM y` [[Ann holiday]]: database is locked',
      'Stash could not answer: <…>',
    ],
    [
      '    at run (/opt/stash/plugins/plex-sync/lib-worker-a1B-c3D4.cjs:12:34)',
      '    at run (lib-worker-a1B-c3D4.cjs:12:34)',
    ],
    [
      '2026-01-01T00:00:00Z none in /opt/x/node (v18.0.0) /b c/node (v16.2.0), none fetched',
      '2026-01-01T00:00:00Z none in <path> (v18.0.0) (v16.2.0)',
    ],
    [
      'plex-connect-timeout after 5 s and/or 1/2, plex-sync.db',
      'plex-connect-timeout after 5 s and/or 1/2, plex-sync.db',
    ],
    ['at 12:30 the worker ended with code 1', 'at 12:30 the worker ended with code 1'],
  ])('%s', (text, told) => {
    expect(discreet(text)).toBe(told);
  });

  it.each([
    ['Stash at http://nas:9999 did not answer', 'Stash at <address> did not answer'],
    ['the disk of NAS is full', 'the disk of <address> is full'],
    ['john-smith said', '<address> said'],
    ['from 2003:e1:2f::15 to JOHNSBOX', 'from <address> to <address>'],
    ['jsmith and Ann cannot', '<name> and <name> cannot'],
    ['node as root', 'node as root'],
    ['no right to /Users/John Smith/.stash/plex-sync', 'no right to <path>'],
    ["open '/Users/John Smith/.stash/plex-sync/spool/x'", "open '<path>'"],
    ['C:\\Users\\J S\\.stash and C:/users/j s', '<path>'],
    ['"path":"C:\\\\Users\\\\J S\\\\x"', '<name>:<name>'],
    ['/opt/stash/plugins/plex-sync/launch.sh', 'launch.sh'],
  ])('of an installation that is known: %s', (text, told) => {
    expect(here.text(text)).toBe(told);
  });

  it('is taken from documents of any form; numbers and codes stay', () => {
    const told = here.all({
      a: ['http://x/y', 5, null],
      worker: { host: 'annsbox', pid: 7 },
      about: 'library Ann',
      plex: { code: 'plex-ann-error', circuit: 'open', cause: 'nas' },
      odd: { code: 'nas is away' },
    });
    expect(told).toEqual({
      a: ['<address>', 5, null],
      worker: { host: '<name>', pid: 7 },
      about: '<name>',
      plex: { code: 'plex-ann-error', circuit: 'open', cause: '<address>' },
      odd: { code: '<address> is away' },
    });
  });
});

const messages = [
  (it: string) => `Plex at ${it} cannot be reached: nothing listens there.`,
  (it: string) => `Plex: closed → open: Plex at ${it} answered 503: it starts up.`,
  (it: string) => `What answers at ${it} does not speak HTTP as Plex does.`,
  (it: string) => `An answer from Plex at ${it} was cut off.`,
  (it: string) => `Stash at http://${it} did not answer in time (UND_ERR_HEADERS_TIMEOUT).`,
] as const;
const anywhere = [
  ...messages,
  (it: string) => it,
  (it: string) => `connect ECONNREFUSED ${it}`,
  (it: string) => `(${it})`,
  (it: string) => `it was ${it}, at first`,
  (it: string) => `one\ntwo ${it}\nthree`,
] as const;
const aPort = fc.integer({ min: 1, max: 65_535 });
const label = fc.stringMatching(/^[a-z][a-z0-9-]{2,12}[a-z0-9]$/);
const dotted = fc.array(label, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.'));
const host = fc.oneof(label, dotted, fc.ipV4());

/** Words that a message would have all the same. */
function isWordOf(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}

describe('whatever stands in it', () => {
  it('a machine that is known is never named, in whatever way and wherever', () => {
    fc.assert(
      fc.property(
        host,
        aPort,
        fc.constantFrom(...anywhere),
        fc.boolean(),
        (name, port, say, big) => {
          fc.pre(!isWordOf(say(''), name) && !/^(?:plex|stash|media|home|server)/.test(name));
          const { text } = openDiscreet({ ...nothing, hosts: [name] });
          for (const planted of [name, `${name}:${port}`, `http://${name}:${port}`, `${name}.`]) {
            const told = text(say(big ? planted.toUpperCase() : planted));
            expect(told.toLowerCase()).not.toContain(name);
          }
        },
      ),
    );
  });

  it('an address with a port, one of numbers and a name with dots are none, known or not', () => {
    const told = (name: string): void => {
      for (const say of anywhere) expect(discreet(say(name))).not.toContain(name);
    };
    fc.assert(
      fc.property(label, dotted, fc.ipV4(), fc.ipV6(), aPort, (one, dots, four, six, port) => {
        fc.pre(!/^(?:plex\.tv|pypi\.org|nodejs\.org)$/.test(dots));
        for (const name of [`${one}:${port}`, dots, `${dots}:${port}`, four, `${four}:${port}`])
          told(name);
        for (const name of [`[${six}]`, `[${six}]:${port}`]) told(name);
        if (six.length > 6)
          for (const say of messages) expect(discreet(say(six))).not.toContain(six);
      }),
    );
  });

  it('in our own messages no machine is named at all', () => {
    fc.assert(
      fc.property(label, fc.constantFrom(...messages), (name, say) => {
        fc.pre(!isWordOf(say(''), name));
        expect(discreet(say(name))).not.toContain(name);
      }),
    );
  });

  const part = fc.stringMatching(/^[A-Za-z0-9 '().,&é-]{0,8}CANARY[A-Za-z0-9 '().,&é-]{0,8}$/u);
  const parts = fc.array(part, { minLength: 1, maxLength: 5 });
  const path = fc.oneof(
    parts.map((all) => `/${all.map((one) => one.trim()).join('/')}`),
    parts.map((all) => `C:\\${all.join('\\')}`),
    parts.map((all) => `d:/${all.join('/')}`),
    parts.map((all) => `\\\\${all.join('\\')}`),
    parts.map((all) => `~/${all.map((one) => one.trim()).join('/')}`),
    parts.map((all) => `file:///${all.join('/')}`),
  );
  const around = [
    (it: string) => it,
    (it: string) => `EACCES: permission denied, mkdir '${it}'`,
    (it: string) => `The data file ${it} cannot be opened: SQLITE_IOERR`,
    (it: string) => `    at open (${it}:12:34)`,
    (it: string) => `none in ${it} (v18.0.0)`,
    (it: string) => `ENOENT: no such file, rename '${it}' -> '${it}'`,
    (it: string) => `one\n${it}\ntwo`,
    (it: string) => `"${it}"`,
  ] as const;

  it('no part of a path is left, with blanks and quotes in its folders, known or not', () => {
    fc.assert(
      fc.property(path, fc.constantFrom(...around), fc.boolean(), (planted, say, isKnown) => {
        const { text } = openDiscreet({ ...nothing, folders: isKnown ? [planted] : [] });
        expect(text(say(planted))).not.toContain('CANARY');
        expect(text(say(`${planted}/CANARY sub/x.mp4`))).not.toContain('CANARY');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is cut where it is longer than any message', () => {
    expect(discreet('x '.repeat(100_000))).toHaveLength(4_000);
  });

  it('holds no token, wherever it stands', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_]{20,40}$/);
    fc.assert(
      fc.property(token, fc.constantFrom(' ', '"', '/', '=', '(', ','), (secret, beside) => {
        expect(discreet(`x${beside}${secret}${beside} y`)).not.toContain(secret);
        expect(discreet(`http://h/${secret}?X-Plex-Token=${secret}`)).not.toContain(secret);
      }),
    );
  });
});

describe('an error that nobody foresaw', () => {
  it.each([
    [
      'TypeError: the title is Ann\n    at run (/opt/My Stash/lib-worker-a1B2.cjs:12:34)\n    at node:events:1:2',
      'TypeError, at lib-worker-a1B2.cjs:12:34',
    ],
    ["Error: EACCES: permission denied, open '/Ann'", 'Error EACCES'],
    ['TypeError [ERR_INVALID_ARG_TYPE]: Ann', 'TypeError ERR_INVALID_ARG_TYPE'],
    ['Ann', 'an error'],
  ])('%j is told by its kind, code and place', (stack, told) => {
    expect(crashOf(stack)).toBe(told);
  });
});
