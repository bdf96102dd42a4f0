// English texts of the support report.

export const supportTexts = {
  title: 'Support report',
  what: 'What somebody who helps you needs to know: versions, settings, counts, the last errors. Tokens, addresses, paths and titles are taken out: look it over.',
  show: 'Show the report',
  copy: 'Copy it',
  copied: 'Copied.',
  again: 'Make it anew',
} as const;
