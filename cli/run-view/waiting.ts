import { formatDuration } from '../duration.ts';
import type { Output } from '../output.ts';
import { createScreen } from './screen.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Says what is waited for, and since when; the line goes when `end` is called. In a pipe it is said once. */
export function startWaiting(out: Output, what: string): { end(): void } {
  if (!out.isLive) {
    out.line(`  ${what}`);
    return { end: () => undefined };
  }
  const screen = createScreen((text) => out.raw(text));
  const startedAt = performance.now();
  let frame = 0;
  const timer = setInterval(() => {
    const sign = FRAMES[frame++ % FRAMES.length] ?? '';
    screen.draw([`  ${out.colours.cyan(sign)} ${what}  ${formatDuration(performance.now() - startedAt)}`]);
  }, FRAME_MS);
  let ended = false;
  return {
    end() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      screen.draw([]);
    },
  };
}
