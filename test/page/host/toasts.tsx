// One toast at a time, as Stash shows them.
import React, { createContext, useContext, useMemo, useState } from 'react';
import { Toast } from 'react-bootstrap';

interface Shown {
  readonly content: string;
  readonly variant?: string;
}

const Context = createContext<(toast: Shown) => void>(() => {});

export function ToastProvider({ children }: { readonly children: React.ReactNode }): JSX.Element {
  const [toast, setToast] = useState<Shown | null>(null);
  return (
    <Context.Provider value={setToast}>
      {children}
      <div className="host-toasts" role="status">
        {toast !== null && (
          <Toast className={toast.variant ?? 'success'} onClose={() => setToast(null)}>
            <Toast.Header>
              <span className="mr-auto">{toast.content}</span>
            </Toast.Header>
          </Toast>
        )}
      </div>
    </Context.Provider>
  );
}

export function useToast(): Record<'toast' | 'success' | 'error', (given: never) => void> {
  const show = useContext(Context);
  return useMemo(
    () => ({
      toast: (toast: Shown) => show(toast),
      success: (content: string) => show({ content }),
      error: (error: unknown) => show({ content: String(error), variant: 'danger' }),
    }),
    [show],
  );
}
