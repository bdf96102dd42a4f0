// Tells what became of one request on its connection, which undici's errors do not say: whether it
// was sent, over a connection that had served others before, and whether a byte came back.
import type * as UndiciModule from 'undici';
import type { Agent, Client, Dispatcher } from 'undici';

type Undici = typeof UndiciModule;
type Handler = Dispatcher.DispatchHandler;

export interface Usage {
  /** The request was written to a connection. */
  sent: boolean;
  /** That connection had carried an answer before. */
  reused: boolean;
  /** The first byte of an answer came. */
  answered: boolean;
}

/** An undici agent whose requests `watch` can observe. */
export function usageAwareAgent(undici: Undici, options: Agent.Options): Agent {
  const CountingClient = countingClient(undici);
  return new undici.Agent({
    ...options,
    factory: (origin) =>
      new undici.Pool(origin, {
        ...options,
        factory: (poolOrigin) => new CountingClient(poolOrigin, options),
      }),
  });
}

/** An interceptor for one request on such an agent, which keeps `usage` up to date. */
export function watch(usage: Usage): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      ...forwarding(handler),
      onRequestStart: (controller, context: unknown) => {
        usage.sent = true;
        usage.reused = isReuse(context);
        handler.onRequestStart?.(controller, null);
      },
      onResponseStarted: () => {
        usage.answered = true;
        handler.onResponseStarted?.();
      },
    });
}

const reuse = Symbol('the connection has carried an answer before');

function isReuse(context: unknown): boolean {
  return context === reuse;
}

/** A client has one connection at a time and a request at a time on it, so it knows. */
function countingClient(undici: Undici): new (origin: URL, options: Client.Options) => Client {
  return class extends undici.Client {
    #used = false;

    constructor(origin: URL, options: Client.Options) {
      super(origin, options);
      this.on('disconnect', () => {
        this.#used = false;
      });
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: Handler): boolean {
      return super.dispatch(options, {
        ...forwarding(handler),
        onRequestStart: (controller) => {
          handler.onRequestStart?.(controller, this.#used ? reuse : null);
        },
        onResponseEnd: (controller, trailers) => {
          this.#used = true;
          handler.onResponseEnd?.(controller, trailers);
        },
      });
    }
  };
}

function forwarding(handler: Handler): Handler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseStarted: () => handler.onResponseStarted?.(),
    onResponseStart: (controller, status, headers, message) =>
      handler.onResponseStart?.(controller, status, headers, message),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  };
}
