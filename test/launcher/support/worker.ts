// Stands in for PlexSync's worker: holds a real lock, takes the files of the spool, leaves after a quiet while, and
// keeps the worker's side of the rules about the claim. Run as: worker.ts <launch.sh> worker <data directory>.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const [launcher, , data] = process.argv.slice(2);
if (launcher === undefined || data === undefined) throw new Error('which data directory?');
const quietMs = Number(process.env['PLEXSYNC_TEST_QUIET_MS'] ?? '100');
const diesAfterFiles = Number(process.env['PLEXSYNC_TEST_DIES_AFTER_FILES'] ?? 'Infinity');
let filesTaken = 0;
const parent = process.ppid;
const claim = `${data}/supervisor`;
let lock: DatabaseSync | undefined;
let lastEventAt = Date.now();

appendFileSync(`${data}/starts`, `${process.pid} ${parent}\n`);
if (!takeLock()) process.exit(75);
nameParent();
setInterval(work, 10);

function work(): void {
  if (process.ppid !== parent) {
    // The supervisor is gone: let go, see that another comes, and leave.
    letGo();
    spawnSync('sh', [launcher ?? '', 'wake', data ?? ''], { stdio: 'ignore' });
    process.exit(0);
  }
  nameParent();
  if (takeFiles()) lastEventAt = Date.now();
  if (Date.now() - lastEventAt < quietMs) return;
  // The claim goes before the last look, and is made again before the lock is taken back.
  letGo();
  if (readClaim().startsWith(`${parent} `)) unlinkSync(claim);
  if (completeFiles().length === 0) process.exit(0);
  if (!claimAgain()) process.exit(0);
  if (!takeLock()) process.exit(75);
}

function claimAgain(): boolean {
  writeFileSync(`${claim}.${process.pid}`, lineOfParent());
  try {
    linkSync(`${claim}.${process.pid}`, claim);
    return true;
  } catch {
    return false;
  } finally {
    unlinkSync(`${claim}.${process.pid}`);
  }
}

function readClaim(): string {
  try {
    return readFileSync(claim, 'utf8');
  } catch {
    return '';
  }
}

function lineOfParent(): string {
  const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
  const started = stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19];
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${parent} ${started} ${boot}\n`;
}

function takeFiles(): boolean {
  const files = completeFiles();
  for (const file of files) {
    appendFileSync(`${data}/taken`, `${file}\n`);
    unlinkSync(`${data}/spool/${file}`);
    filesTaken += 1;
    if (filesTaken >= diesAfterFiles) process.kill(process.pid, 'SIGKILL');
  }
  if (files.length > 0) writeFileSync(`${data}/progress`, '');
  rmSync(`${data}/no-worker`, { force: true });
  return files.length > 0;
}

function completeFiles(): string[] {
  const all = readdirSync(`${data}/spool`);
  return all.filter((file) => readFileSync(`${data}/spool/${file}`, 'latin1').endsWith('\n'));
}

function takeLock(): boolean {
  const file = new DatabaseSync(`${data}/worker.lock`, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    lock = file;
    return true;
  } catch {
    file.close();
    return false;
  }
}

function letGo(): void {
  lock?.close();
  lock = undefined;
}

function nameParent(): void {
  if (readClaim().startsWith(`${parent} `)) return;
  if (process.ppid !== parent) return;
  writeFileSync(`${claim}.${process.pid}`, lineOfParent());
  renameSync(`${claim}.${process.pid}`, claim);
}
