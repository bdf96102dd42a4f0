// A collector on this machine: takes traces by OTLP/HTTP and reads their protobuf as the specification
// says (opentelemetry-proto trace/v1/trace.proto), with no code of the SDK's.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** '' for the root. */
  readonly parentId: string;
  readonly name: string;
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** '' where it did not fail. */
  readonly error: string;
  readonly resource: Readonly<Record<string, string | number>>;
}

export interface Receiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Of each request, with its path. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** All that was sent, as Latin-1. */
  raw(): string;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(body);
      requests.push({ path: request.url ?? '', headers: request.headers });
      spans.push(...spansOf(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    requests,
    raw: () => Buffer.concat(bodies).toString('latin1'),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly value: bigint;
}

function spansOf(request: Buffer): readonly ReceivedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
    return messages(resourceSpans, 2)
      .flatMap((scope) => messages(scope, 2))
      .map((span) => spanOf(span, resource));
  });
}

function spanOf(span: Buffer, resource: ReceivedSpan['resource']): ReceivedSpan {
  const all = fields(span);
  const first = (number: number): Field | undefined => all.find((field) => field.number === number);
  const hex = (number: number): string => first(number)?.bytes.toString('hex') ?? '';
  const status = first(15)?.bytes;
  return {
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4),
    name: first(5)?.bytes.toString('utf8') ?? '',
    from: Number((first(7)?.value ?? 0n) / 1_000_000n),
    to: Number((first(8)?.value ?? 0n) / 1_000_000n),
    attributes: attributesOf(span, 9),
    error: status === undefined ? '' : (messages(status, 2)[0]?.toString('utf8') ?? ''),
    resource,
  };
}

function attributesOf(message: Buffer, number: number): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    messages(message, number).map((pair) => {
      const [key = Buffer.alloc(0)] = messages(pair, 1);
      const value = fields(messages(pair, 2)[0] ?? Buffer.alloc(0))[0];
      const isText = value?.number === 1;
      return [key.toString('utf8'), isText ? value.bytes.toString('utf8') : Number(value?.value)];
    }),
  );
}

function messages(message: Buffer, number: number): readonly Buffer[] {
  return fields(message)
    .filter((field) => field.number === number)
    .map(({ bytes }) => bytes);
}

/** https://protobuf.dev/programming-guides/encoding/ */
function fields(message: Buffer): readonly Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    let value = 0n;
    let bytes = Buffer.alloc(0);
    switch (tag & 7) {
      case 0:
        value = varint();
        break;
      case 1:
        value = message.readBigUInt64LE(at);
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        bytes = Buffer.from(message.subarray(at, at + length));
        at += length;
        break;
      }
      case 5:
        value = BigInt(message.readUInt32LE(at));
        at += 4;
        break;
      default:
        throw new Error(`wire type ${tag & 7}`);
    }
    found.push({ number, bytes, value });
  }
  return found;
}
