// Bytes that begin as pictures of each kind do.

/** A different one for every text; padded to `sizeBytes` if that is more. */
export function jpeg(text: string, sizeBytes = 0): Buffer {
  return picture(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), text, sizeBytes);
}

export function png(text: string): Buffer {
  return picture(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), text, 0);
}

export function webp(text: string): Buffer {
  return picture(Buffer.from('RIFF\u0010\u0000\u0000\u0000WEBPVP8 ', 'latin1'), text, 0);
}

export function gif(text: string): Buffer {
  return picture(Buffer.from('GIF89a', 'latin1'), text, 0);
}

/** Not one that Plex shows. */
export function bitmap(): Buffer {
  return Buffer.from('BM\u0036\u0000\u0000\u0000', 'latin1');
}

function picture(start: Buffer, text: string, sizeBytes: number): Buffer {
  const bytes = Buffer.concat([start, Buffer.from(text)]);
  const padding = Math.max(0, sizeBytes - bytes.length);
  return padding === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(padding, text)]);
}
