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
    <>
      <button type="button" className="button" onClick={() => void copy()}>
        {said === '' ? label : said}
      </button>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </>
  );
}
