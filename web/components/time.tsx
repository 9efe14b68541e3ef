import { formatAbsolute, formatDuration, formatRelative } from '../time/format.ts';
import { useNow } from '../time/clock.ts';
import { timeStyle, usePreference } from '../session/preferences.ts';

/** A moment, in the way that the reader chose; the others are in its title. */
export function Time({ at }: { readonly at: string }) {
  const style = usePreference(timeStyle);
  const ms = Date.parse(at);
  const title = `${formatAbsolute(ms, 'local')} here, ${formatAbsolute(ms, 'utc')}`;
  return (
    <time dateTime={at} title={title} className="nowrap numeric">
      {style === 'relative' ? <Relative ms={ms} /> : formatAbsolute(ms, style)}
    </time>
  );
}

function Relative({ ms }: { readonly ms: number }) {
  return formatRelative(ms, useNow());
}

/** How long something took, or has taken until now. */
export function Duration({ from, to }: { readonly from: string; readonly to: string | null }) {
  if (to === null) return <Running from={from} />;
  return <span className="nowrap numeric">{formatDuration(Date.parse(to) - Date.parse(from))}</span>;
}

function Running({ from }: { readonly from: string }) {
  return (
    <span className="nowrap numeric">{formatDuration(Math.floor((useNow() - Date.parse(from)) / 1_000) * 1_000)}</span>
  );
}
