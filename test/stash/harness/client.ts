// Talks to a Stash as its web page does: GraphQL, a login with name and password, jobs.
import * as v from 'valibot';
import { until } from '../../helpers/wait.ts';

export class GraphqlError extends Error {
  override readonly name = 'GraphqlError';
}

export interface StashFace {
  readonly url: string;
  /**
   * Data of the answer, parsed.
   * @throws GraphqlError with Stash's messages; Error for another status than 200
   */
  graphql<T>(
    schema: v.GenericSchema<unknown, T>,
    document: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<T>;
  /** Logs in by the form of the login page; later requests carry the cookie. */
  login(username: string, password: string): Promise<void>;
  /** Value of the session cookie, or null before a login. */
  cookie(): string | null;
  /** Runs a job and resolves when Stash has finished it. */
  job(document: string, variables?: Readonly<Record<string, unknown>>): Promise<void>;
}

const answerSchema = v.object({
  data: v.optional(v.unknown()),
  errors: v.optional(v.array(v.object({ message: v.string() }))),
});
const started = v.record(v.string(), v.string());
const finished = v.object({ findJob: v.nullable(v.object({ status: v.string() })) });
/** A scan of the library takes two seconds, and most of a minute on a machine with a load of 20. */
const jobLimitMs = 120_000;
const endedStates = ['FINISHED', 'CANCELLED', 'FAILED'];

export function openStashFace(url: string): StashFace {
  let cookie: string | null = null;
  const remember = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const value = /^session=([^;]+)/.exec(line)?.[1];
      if (value !== undefined) cookie = value;
    }
  };
  const headers = (): Record<string, string> =>
    cookie === null ? {} : { cookie: `session=${cookie}` };

  const face: StashFace = {
    url,
    cookie: () => cookie,
    graphql: async (schema, document, variables = {}) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers() },
        body: JSON.stringify({ query: document, variables }),
      });
      remember(response);
      const body = await response.text();
      if (!response.ok) throw new Error(`Stash answered ${response.status}: ${body}`);
      const { data, errors } = v.parse(v.pipe(v.string(), v.parseJson(), answerSchema), body);
      if (errors !== undefined) {
        throw new GraphqlError(errors.map((error) => error.message).join('; '));
      }
      return v.parse(schema, data);
    },
    login: async (username, password) => {
      const response = await fetch(`${url}/login`, {
        method: 'POST',
        body: new URLSearchParams({ username, password, returnURL: '/' }),
        redirect: 'manual',
      });
      await response.arrayBuffer();
      remember(response);
      if (cookie === null) throw new Error(`no session after the login: ${response.status}`);
    },
    job: async (document, variables) => {
      const [id] = Object.values(await face.graphql(started, document, variables));
      await until(
        `job ${id} of Stash has ended`,
        async () => {
          // Stash forgets a job some time after its end.
          const { findJob } = await face.graphql(
            finished,
            'query ($input: FindJobInput!) { findJob(input: $input) { status } }',
            { input: { id } },
          );
          return findJob === null || endedStates.includes(findJob.status);
        },
        jobLimitMs,
      );
    },
  };
  return face;
}
