import { useEffect, useId, useRef, type ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog of the browser's own: it keeps the focus, Escape closes it. */
export function Dialog({ title, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog className="dialog" ref={element} onClose={onClose} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button" onClick={() => element.current?.close()}>
          Close
        </button>
      </div>
      <div className="card-body">{children}</div>
    </dialog>
  );
}
