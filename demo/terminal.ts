// Writes the running demo to the terminal: lines that stay, and below them one that is written
// anew. Where there is no terminal, plain lines.
import type { WriteStream } from 'node:tty';
import { cut } from './cut.ts';
import { type DemoEvent, linesOf } from './events.ts';
import type { Mark } from './mark.ts';

export interface Terminal {
  line(text: string): void;
  event(event: DemoEvent): void;
  /** Shows how PlexSync is; without a terminal only when that is another word than before. */
  status(mark: Mark, counts: string): void;
  /** Takes the line below away for good. */
  end(): void;
}

const green = 32;
const yellow = 33;
const red = 31;
const blue = 36;
const eventColours: Readonly<Record<DemoEvent['kind'], number>> = {
  edited: blue,
  arrived: green,
  away: yellow,
  back: green,
  trouble: red,
};
const moodColours: Readonly<Record<Mark['mood'], number>> = {
  good: green,
  busy: blue,
  away: yellow,
  bad: red,
  unknown: yellow,
};

/** @param colour false where a person wants none (https://no-color.org) */
export function openTerminal(out: WriteStream, colour: boolean): Terminal {
  const live = out.isTTY;
  let below = '';
  let lastWord = '';
  const paint = (text: string, code: number): string =>
    live && colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  const line = (text: string): void => {
    out.write(live ? `\r\u001b[2K${text}\n${below}` : `${text}\n`);
  };
  return {
    line,
    event: (event) => {
      for (const text of linesOf(event)) line(paint(text, eventColours[event.kind]));
    },
    status: ({ sign, word, mood, sentence }, counts) => {
      if (!live) {
        if (word !== lastWord) line(`          ${sign} ${sentence}`);
        lastWord = word;
        return;
      }
      const text = cut(`${sign} ${sentence}  ${counts}`, out.columns - 1);
      below = paint(text, moodColours[mood]);
      out.write(`\r\u001b[2K${below}`);
    },
    end: () => {
      if (live) out.write('\r\u001b[2K');
      below = '';
    },
  };
}
