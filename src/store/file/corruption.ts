// Whether an error of SQLite's tells of damage in the file.

/** SQLITE_CORRUPT 11 and SQLITE_NOTADB 26, sqlite.org/rescode.html; extended codes keep the low byte. */
export function isCorruptStore(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  const code = typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
  return code === 11 || code === 26;
}
