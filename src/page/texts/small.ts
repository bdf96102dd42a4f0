// English texts of what every tab shows alike.

export const smallTexts = {
  untitled: (scene: number) => `Scene ${scene}`,
  cancel: 'Cancel',
  /** Before examples in a dialog. */
  forInstance: 'For instance:',
  search: 'Search',
  clearSearch: 'Clear the search',
  pages: 'Pages',
  previous: 'Previous',
  next: 'Next',
  /** "51 to 100 of 12,340" */
  range: (from: string, to: string, total: string) => `${from} to ${to} of ${total}`,
  more: 'More actions',
} as const;
