// What a list shows (search, page, filter) stands in the address: a reload, a link and the browser's
// way back find it again.
import { useCallback } from 'react';
import { useHistory, useLocation } from 'react-router-dom';

export type AddressState = Readonly<Record<string, string>>;

/**
 * @returns what the address has behind `?`, and a way to change some of it; '' takes away. The old
 *   address is replaced: each letter of a search is no step back.
 */
export function useAddressState(): readonly [AddressState, (change: AddressState) => void] {
  const { search } = useLocation();
  const history = useHistory();
  const state = Object.fromEntries(new URLSearchParams(search));
  const change = useCallback(
    (changes: AddressState) => {
      const { location } = history;
      const next = new URLSearchParams(location.search);
      for (const [key, value] of Object.entries(changes)) {
        if (value === '') next.delete(key);
        else next.set(key, value);
      }
      history.replace({ ...location, search: next.toString() });
    },
    [history],
  );
  return [state, change];
}

/** A number from the address; 0 where it is none. */
export const numberOf = (text: string | undefined): number =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
