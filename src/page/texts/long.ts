// English texts of what is shortened.

export const longTexts = { more: 'Show all', less: 'Show less' } as const;
