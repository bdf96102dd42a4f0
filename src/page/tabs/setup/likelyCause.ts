// Why nothing answers at an address, as far as the address tells. Pure.
import { setupTexts } from '../../texts/setup.ts';

const { causes } = setupTexts.plex;

export const isAddress = (text: string): boolean =>
  /^https?:\/\/[^@?#\s]+$/i.test(text) && URL.canParse(text);

export function likelyCause(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) {
    return causes.local;
  }
  if (protocol === 'https:') return causes.https;
  return port === '' ? causes.port : causes.other;
}
