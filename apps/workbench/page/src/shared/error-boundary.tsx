import { Component, type ReactNode } from 'react';

interface State {
  readonly error?: Error;
}

/** Says that a view failed, instead of taking the whole page with it. Given another `key` it tries again. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <p className="notice is-error" role="alert">
        This view failed: {error.message}
      </p>
    );
  }
}
