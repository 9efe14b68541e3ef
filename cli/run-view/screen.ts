/** A part of the terminal that is drawn again and again; the cursor rests below it, so that nothing has to be undone. */
export interface Screen {
  draw(lines: readonly string[]): void;
}

const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`);

/** @param write to a terminal */
export function createScreen(write: (text: string) => void): Screen {
  let height = 0;
  let before = '';
  return {
    draw(lines) {
      const picture = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('');
      if (picture === before) return;
      write(`${up(height)}\r${picture}${CLEAR_BELOW}`);
      [height, before] = [lines.length, picture];
    },
  };
}
