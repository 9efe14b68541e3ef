import { useEffect, useRef, type ReactNode } from 'react';
import { hasNavigated, Link } from '../router.tsx';

interface Props {
  readonly title: string;
  /** For the tab of the browser, where it should say more. */
  readonly documentTitle?: string;
  readonly crumbs?: readonly { readonly text: string; readonly to: string }[];
  readonly beside?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of each page. Takes the focus, so that screen readers say where a link has led. */
export function PageHead({ title, documentTitle = title, crumbs = [], beside, children, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${documentTitle} · commandcenter`;
  }, [documentTitle]);
  useEffect(() => {
    if (hasNavigated() && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-head">
      <div>
        {crumbs.length > 0 && (
          <nav aria-label="Where this is" className="crumbs">
            {crumbs.map(({ text, to }) => (
              <span key={to}>
                <Link to={to}>{text}</Link> /
              </span>
            ))}
          </nav>
        )}
        <div className="row">
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {beside}
        </div>
        {children}
      </div>
      {actions !== undefined && <div className="row tight">{actions}</div>}
    </header>
  );
}
