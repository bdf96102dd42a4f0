// Reads a zip as its specification says (PKWARE APPNOTE 4.3), independently of what wrote it.
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** Unix mode, with the kind of file; 0 if the writer was no Unix. */
  readonly mode: number;
  readonly content: Buffer;
}

const signatures = { end: 0x06054b50, entry: 0x02014b50 } as const;
const deflated = 8;

/** The entries of the central directory, in its order. */
export function readZip(zip: Buffer): readonly ZipEntry[] {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0 || zip.readUInt32LE(end) !== signatures.end) throw new Error('no zip');
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== signatures.entry) throw new Error(`no entry at ${at}`);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((by) =>
      zip.readUInt16LE(at + by),
    ) as [number, number, number];
    const madeBy = zip.readUInt8(at + 5);
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      mode: madeBy === 3 ? zip.readUInt32LE(at + 38) >>> 16 : 0,
      content: contentAt(zip, at),
    });
    at += 46 + nameLength + extraLength + noteLength;
  }
  return entries;
}

function contentAt(zip: Buffer, entry: number): Buffer {
  const local = zip.readUInt32LE(entry + 42);
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(begin, begin + zip.readUInt32LE(entry + 20));
  return zip.readUInt16LE(entry + 10) === deflated ? inflateRawSync(packed) : packed;
}
