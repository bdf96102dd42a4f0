// What a step of the wizard does with the settings that a person has chosen in it.
import type { Values } from '../../settings/store.ts';

/** Saves settings of a step. @returns whether they are saved; why not is told by a toast */
export type SaveStep = (change: Values) => Promise<boolean>;
