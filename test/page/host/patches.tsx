// Patches of components as Stash does them: before, instead, after, by the component's name
// (stashapp/stash ui/v2.5/src/patch.tsx).
import React from 'react';

export type Props = Readonly<Record<string, unknown>> & { readonly children?: React.ReactNode };
type Render = (props: Props, ref: unknown) => React.ReactElement | null;
type Before = (props: Props, ref: unknown) => readonly [Props];
type Instead = (props: Props, ref: unknown, next: Render) => React.ReactElement | null;

const befores = new Map<string, Before[]>();
const insteads = new Map<string, Instead[]>();

export function before(name: string, change: Before): void {
  befores.set(name, [...(befores.get(name) ?? []), change]);
}

export function instead(name: string, render: Instead): void {
  insteads.set(name, [...(insteads.get(name) ?? []), render]);
}

/** A component that plugins can change. */
export function patched(name: string, render: Render): React.FC<Props> {
  return function Patched(given: Props) {
    let props = given;
    for (const change of befores.get(name) ?? []) [props] = change(props, undefined);
    const chain = (insteads.get(name) ?? []).reduceRight<Render>(
      (next, own) => (ownProps, ref) => own(ownProps, ref, next),
      render,
    );
    return chain(props, undefined);
  };
}

export const container = (name: string): React.FC<Props> =>
  patched(name, ({ children }) => <>{children}</>);
