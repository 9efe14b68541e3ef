import type { Environment } from '../process/environment.ts';

/** What runs in the container: a pre-built image by its entry point, or a folder on a Node.js image. */
export type ContainerSource =
  | { readonly kind: 'image'; readonly image: string }
  | {
      readonly kind: 'folder';
      readonly image: string;
      readonly directory: string;
      /** With a package-lock.json `npm ci` is used. */
      readonly locked: boolean;
      /** The agent compiled into one module, its packages imported by name; undefined for other programs. */
      readonly module: { readonly path: string; readonly code: string } | undefined;
      /** Starts the agent in the container; its argument follows. */
      readonly command: readonly string[];
    };

export interface WorkspaceMount {
  /** The same inside as outside. */
  readonly path: string;
  readonly writable: boolean;
}

/** Everything that the session's process needs for one attempt, as JSON. */
export interface RunOrder {
  readonly kind: 'run';
  readonly source: ContainerSource;
  readonly argument: string;
  readonly stdin: string;
  readonly env: Environment;
  readonly secrets: Environment;
  readonly workspaces: readonly WorkspaceMount[];
  readonly maxOutputBytes: number;
}

/** Only asks the engine whether it is there. */
export interface PingOrder {
  readonly kind: 'ping';
}

/** Pulls the images and fills the caches. */
export interface WarmOrder {
  readonly kind: 'warm';
  readonly sources: readonly ContainerSource[];
}

export type SessionOrder = RunOrder | PingOrder | WarmOrder;

/** What the session's process says: that it asks the engine, that this answered, and one last word. */
export type SessionMessage =
  | { readonly kind: 'asking' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'done' }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'output-too-large'; readonly head: string }
  | { readonly kind: 'install-failed'; readonly exitCode: number; readonly stderr: string }
  | { readonly kind: 'engine-failed'; readonly reason: string };

export type LastMessage = Exclude<SessionMessage, { kind: 'asking' | 'connected' }>;
