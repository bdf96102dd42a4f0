// What Stash gives to the pages of its plugins besides libraries: `window.PluginApi`
// (stashapp/stash ui/v2.5/src/pluginApi.tsx). React, its router, Bootstrap and the icons come from
// there too; the build replaces their imports, so that no library is bundled a second time.
import type { ComponentType, ReactElement, ReactNode } from 'react';

interface Toasts {
  success(message: string): void;
  /** Shown longer than the others, in red. */
  toast(toast: {
    content: string;
    variant?: 'success' | 'danger' | 'warning';
    delay?: number;
  }): void;
}

/** What a patched component of Stash gets. */
export type Props = Readonly<Record<string, unknown>> & { readonly children?: ReactNode };

/** React calls a function component with its properties and a reference. */
export type Next = (props: Props, ref: unknown) => ReactElement | null;

interface PluginApi {
  readonly register: { route(path: string, component: ComponentType): void };
  readonly patch: {
    /** @param change answers all arguments, the properties first */
    before(component: string, change: (props: Props) => readonly [Props]): void;
    instead(
      component: string,
      render: (props: Props, ref: unknown, next: Next) => ReactElement | null,
    ): void;
  };
  readonly hooks: { useToast(): Toasts };
  /** Filled as Stash loads its parts: to be read while rendering. */
  readonly components: Readonly<Record<string, ComponentType<Props> | undefined>>;
  /** What Stash's pages know of its configuration; where it is missing they ask anew by themselves. */
  readonly GQL?: { readonly ConfigurationDocument?: unknown };
  readonly utils?: {
    readonly StashService?: {
      getClient?(): { query(wanted: { query: unknown; fetchPolicy: string }): Promise<unknown> };
    };
  };
  /** `stash:location` after each change of the address. */
  readonly Event: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
}

declare global {
  interface Window {
    readonly PluginApi: PluginApi;
  }
}

export const pluginApi = (): PluginApi => window.PluginApi;
