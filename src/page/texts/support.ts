// English texts of the support report.

export const supportTexts = {
  title: 'Support report',
  what: 'What somebody who helps you needs to know: versions, settings, counts, the last errors. It holds no token, address, path or title.',
  show: 'Show the report',
  copy: 'Copy it',
  copied: 'Copied.',
  again: 'Make it anew',
} as const;
