// The report for an issue, as Markdown.
import type { SupportAnswer } from '../contract/support.ts';

export function supportText(
  gathered: Omit<SupportAnswer, 'sentence' | 'text'>,
): SupportAnswer['text'] {
  const { machine, settings, settingsError, status, deadLetters, log, supervisor } = gathered;
  const of = [
    machine.platform,
    `Node ${machine.node}${machine.fetchedNode ? ' (fetched by PlexSync)' : ''}`,
    ...(machine.container ? ['in a container'] : []),
  ];
  const given =
    settings === null
      ? [`not known: ${settingsError ?? ''}`]
      : Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
  return [
    '### PlexSync',
    of.join(', '),
    ...block('Settings', given),
    ...block(
      'Given up, the newest',
      deadLetters.map(({ code, field, attempts, at }) =>
        [new Date(at).toISOString(), code, field ?? '-', `${attempts} attempts`].join(' '),
      ),
    ),
    ...block(
      'Warnings and errors, the newest last',
      log.map(({ at, level, event, code, message }) =>
        [at, level, event, code ?? '-', message ?? ''].join(' ').trimEnd(),
      ),
    ),
    ...block('Supervisor', supervisor),
    ...block('Status', JSON.stringify(status, null, 1).split('\n')),
  ].join('\n');
}

function block(title: string, lines: readonly string[]): readonly string[] {
  // A fence that nothing within can end.
  return lines.length === 0 ? [] : ['', `**${title}**`, '````', ...lines, '````'];
}
