import { useState } from 'react';

export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [said, say] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      say('The browser refused: mark and copy by hand');
    }
    window.setTimeout(() => say(''), 2_500);
  };
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <span role="status">{said === '' ? label : said}</span>
    </button>
  );
}
