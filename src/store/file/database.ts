// An open data file. Node's documentation announces another name for the class (DEP0210): that of
// today stands here, where it is opened, and in the worker lock alone.
import type { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;
