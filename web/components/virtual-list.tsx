import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type Ref } from 'react';

interface Props<T> {
  readonly rows: readonly T[];
  /** The height of each row in pixels. */
  readonly rowHeight: number;
  /** The height of the list, at most. */
  readonly height: string;
  readonly label: string;
  readonly rowKey: (row: T, index: number) => string;
  readonly children: (row: T, index: number) => ReactNode;
  /** Called when the end comes near. */
  readonly onEnd?: (() => void) | undefined;
  /** Scrolled to when it changes. */
  readonly scrollTo?: number | undefined;
  readonly role?: string;
  readonly header?: ReactNode;
  readonly className?: string;
  readonly scroller?: Ref<HTMLDivElement>;
  readonly onScroll?: (element: HTMLDivElement) => void;
}

/** Rows drawn beyond what is seen, so that scrolling shows no gaps. */
const OVERSCAN = 12;

/** A list of any length: only the rows in sight are in the document. */
export function VirtualList<T>(props: Props<T>) {
  const {
    rows,
    rowHeight,
    height,
    label,
    rowKey,
    children,
    onEnd,
    scrollTo,
    role = 'list',
    header,
    className = '',
  } = props;
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const measure = (): void => {
    const { current } = element;
    if (!current) return;
    setView({ top: current.scrollTop, height: current.clientHeight });
    props.onScroll?.(current);
  };
  // also after rows have come without a scroll: what could not be read at the end is asked for again
  useEffect(() => {
    const { current } = element;
    if (!current || current.scrollTop === 0) return;
    if (current.scrollHeight - current.scrollTop - current.clientHeight < rowHeight * OVERSCAN) onEnd?.();
  }, [rows, view, rowHeight, onEnd]);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(() => setView({ top: current.scrollTop, height: current.clientHeight }));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const { current } = element;
    if (scrollTo === undefined || !current) return;
    const top = scrollTo * rowHeight;
    if (top < current.scrollTop || top > current.scrollTop + current.clientHeight - rowHeight * 2) {
      current.scrollTop = top - current.clientHeight / 2;
    }
  }, [scrollTo, rowHeight]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  return (
    <div
      className={`virtual ${className}`}
      style={{ maxHeight: height }}
      ref={element}
      onScroll={measure}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      {header}
      <div className="virtual-height" role={role} style={{ height: rows.length * rowHeight }}>
        {rows.slice(first, last).map((row, offset) => (
          <div
            key={rowKey(row, first + offset)}
            className="virtual-row"
            role={role === 'list' ? 'listitem' : undefined}
            aria-setsize={role === 'list' ? rows.length : undefined}
            aria-posinset={role === 'list' ? first + offset + 1 : undefined}
            style={{ top: (first + offset) * rowHeight, height: rowHeight }}
          >
            {children(row, first + offset)}
          </div>
        ))}
      </div>
    </div>
  );
}
