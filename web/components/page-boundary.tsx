import { Component, type ReactNode } from 'react';
import { ProblemNotice } from './problem-notice.tsx';

interface State {
  readonly error: Error | null;
}

/** Keeps a fault of one page, or a page that could not be loaded, from taking the console with it. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <ProblemNotice
        error={new Error(`This page could not be shown: ${error.message}`)}
        retry={() => location.reload()}
      />
    );
  }
}
