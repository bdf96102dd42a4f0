// The settings that are shown nowhere, once they are typed.

export const secrets: readonly string[] = ['plexToken', 'viewingToken'];
