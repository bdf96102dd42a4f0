/** Turns an answer into bytes on a socket, whole or damaged. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Answer } from './answer.ts';
import type { BodyFault } from './faults.ts';
import { toJson, toXml } from './tree.ts';

export interface Asked {
  /** XML is what Plex sends unless JSON is asked for by name (OpenAPI, API Info, Content Types). */
  readonly json: boolean;
  readonly path: string;
}

interface Encoded {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends an answer; a `fault` ends it half way. */
export function respond(
  response: ServerResponse,
  answer: Answer,
  asked: Asked,
  fault: BodyFault | undefined,
): void {
  const { status, type, headers, body } = encode(answer, asked);
  const whole = Buffer.from(body, 'utf8');
  const bytes = fault === 'cut' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  const ends = fault === 'stall' || fault === 'close';
  response.writeHead(status, {
    // Recorded of a real server's answers (replex #130).
    'X-Plex-Protocol': '1.0',
    'Cache-Control': 'no-cache',
    Vary: 'Origin,X-Plex-Token',
    'Content-Type': type,
    // An answer without a body has to promise one, or there would be nothing to wait for.
    'Content-Length': ends ? Math.max(bytes.length, 2) : bytes.length,
    ...headers,
  });
  if (!ends) {
    response.end(bytes);
    return;
  }
  response.flushHeaders();
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  response.write(half.length > 0 ? half : ' ', () => {
    if (fault === 'close') response.destroy();
  });
}

function encode(answer: Answer, { json, path }: Asked): Encoded {
  switch (answer.kind) {
    case 'container': {
      const { container, headers = {} } = answer;
      return json
        ? { status: 200, type: 'application/json', headers, body: toJson(container) }
        : { status: 200, type: 'text/xml;charset=utf-8', headers, body: toXml(container) };
    }
    case 'empty':
      return { status: 200, type: 'text/html', headers: {}, body: '' };
    case 'maintenance':
      return json
        ? { status: 503, type: 'application/json', headers: {}, body: JSON.stringify(MAINTENANCE) }
        : { status: 503, type: 'text/xml;charset=utf-8', headers: {}, body: MAINTENANCE_XML };
    case 'error':
      return {
        status: answer.status,
        type: 'text/html',
        headers: answer.headers ?? {},
        body: errorPage(answer.status, path),
      };
    default:
      return answer satisfies never;
  }
}

/** Without a `MediaContainer` around it, unlike everything else (trakt-scrobbler #308). */
const MAINTENANCE = {
  code: 503,
  title: 'Maintenance',
  status: 'Plex Media Server is currently running startup maintenance tasks.',
};
const MAINTENANCE_XML = `<?xml version="1.0" encoding="UTF-8"?>\n<Response code="503" title="Maintenance" status="${MAINTENANCE.status}" />\n`;

/** HTML even where JSON was asked for (OpenAPI, error examples); `/` sends browsers to Plex Web. */
function errorPage(status: number, path: string): string {
  const reason = STATUS_CODES[status] ?? 'Unknown';
  const redirect =
    status === 401 && path === '/'
      ? `<script>window.location = window.location.href.match(/(^.+\\/)[^\\/]*$/)[1] + 'web/index.html';</script>`
      : '';
  return `<html><head>${redirect}<title>${reason}</title></head><body><h1>${status} ${reason}</h1></body></html>`;
}
