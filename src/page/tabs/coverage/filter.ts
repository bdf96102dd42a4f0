// Which differences are listed, as the address says it. Pure.
import { confidences, gapKinds, gapStates } from '../../../contract/gaps.ts';
import type { Arguments } from '../../operation/table.ts';
import { type AddressState, numberOf } from '../../live/useAddressState.ts';

export const pageSize = 20;

export interface Filter {
  readonly kind: string;
  readonly field: string;
  readonly state: string;
  readonly confidence: string;
}

/** @returns '' for what is not chosen; `query` for the operation */
export function filterOf(address: AddressState): {
  readonly filter: Filter;
  readonly offset: number;
  readonly query: Arguments;
} {
  const known = (value: string | undefined, words: readonly string[]): string =>
    value !== undefined && words.includes(value) ? value : '';
  const filter = {
    kind: known(address['kind'], gapKinds),
    field: address['field'] ?? '',
    state: known(address['state'], gapStates),
    confidence: known(address['sure'], confidences),
  };
  const chosen = Object.entries(filter).filter(([, value]) => value !== '');
  const offset = numberOf(address['gap']);
  return { filter, offset, query: { ...Object.fromEntries(chosen), offset } };
}
