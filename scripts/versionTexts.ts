// What a new version changes in the manifest and in the change log. Pure.

/** @throws Error if the manifest has no version */
export function manifestOf(manifest: string, version: string): string {
  const line = /^version: .+$/m;
  if (!line.test(manifest)) throw new Error('plex-sync.yml has no version');
  return manifest.replace(line, `version: ${version}`);
}

/** What was unreleased is this version's. @throws Error if there is no such heading */
export function releasedLog(log: string, version: string, date: Date): string {
  const heading = '## [Unreleased]\n';
  if (!log.includes(heading)) throw new Error('CHANGELOG.md has no heading "## [Unreleased]"');
  const released = `## [${version}] - ${date.toISOString().slice(0, 10)}\n`;
  return log.replace(heading, `${heading}\n${released}`);
}
