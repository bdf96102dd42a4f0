// A process of its own that counts who holds a lock, without touching it: the kernel lists every
// lock in /proc/locks. `node bench/lockWatch.ts <file>`, until its standard input ends; then it
// prints what it saw as one line of JSON.
import { existsSync, readFileSync, statSync } from 'node:fs';

const path = process.argv[2] ?? '';
const everyMs = 2;
/** Byte of an SQLite file that an exclusive transaction locks for writing (sqlite3 os.h, SHARED_FIRST). */
const sharedFirst = 0x4000_0002;

const seen = { samples: 0, held: 0, most: 0, holders: new Set<string>() };
const canTell = existsSync('/proc/locks');
let inode: number | undefined;

const timer = setInterval(() => {
  if (canTell) inode ??= statSync(path, { throwIfNoEntry: false })?.ino;
  let holders = inode === undefined ? [] : holdersOf(inode);
  // The list is read in pieces, and may change in between: only who is there twice counts as a second.
  if (holders.length > 1) holders = holders.filter((pid) => holdersOf(inode ?? 0).includes(pid));
  seen.samples += 1;
  if (holders.length > 0) seen.held += 1;
  seen.most = Math.max(seen.most, holders.length);
  for (const pid of holders) seen.holders.add(pid);
}, everyMs);

process.stdin
  .once('end', () => {
    clearInterval(timer);
    console.log(JSON.stringify({ ...seen, holders: seen.holders.size }));
  })
  .resume();

/** Pids. A line is "6: POSIX  ADVISORY  WRITE 30249 fe:00:9984890 1073741824 1073742335". */
function holdersOf(wanted: number): string[] {
  const lines = readFileSync('/proc/locks', 'utf8').split('\n');
  const holders = lines.flatMap((line) => {
    const [, , , mode, pid = '', file = '', first, last] = line.split(/\s+/);
    const covers = Number(first) <= sharedFirst && (last === 'EOF' || Number(last) >= sharedFirst);
    return mode === 'WRITE' && covers && file.endsWith(`:${wanted}`) ? [pid] : [];
  });
  return [...new Set(holders)];
}
