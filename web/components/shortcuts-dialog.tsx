import type { Shortcut } from '../session/keyboard.ts';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly shortcuts: readonly Shortcut[];
  readonly onClose: () => void;
}

export function ShortcutsDialog({ shortcuts, onClose }: Props) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="facts">
        {shortcuts.map(({ keys, what }) => (
          <ShortcutLine key={keys} keys={keys} what={what} />
        ))}
        <ShortcutLine keys="Enter" what="Open the row" />
        <ShortcutLine keys="Esc" what="Close" />
      </dl>
    </Dialog>
  );
}

function ShortcutLine({ keys, what }: { readonly keys: string; readonly what: string }) {
  return (
    <>
      <dt>
        {keys.split(' ').map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </>
  );
}
