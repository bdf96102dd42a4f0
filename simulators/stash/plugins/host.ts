// Stash's plugin host: hooks one after the other and in front of the answer, operations at once,
// tasks as jobs (stashapp/stash pkg/plugin/plugins.go, internal/manager/task_plugin.go).
import { StashError } from '../errors.ts';
import { goJson } from '../goFormats.ts';
import type { JobHandle } from '../jobQueue.ts';
import { type LogRecord, type Recorder, type RunKind, record } from '../recorder.ts';
import type { StashSettings } from '../settings.ts';
import type { HookManifest, OperationManifest } from './manifest.ts';
import type { PluginOutput } from './output.ts';
import { PipePool } from './pipes.ts';
import { startProcess } from './process.ts';
import { RunningPlugin } from './running.ts';
import { execCommand, type Plugin, readPlugins } from './registry.ts';
import { type HookContext, hookArgs, pluginStdin, type ServerConnection } from './stdin.ts';
import { defaultLevel, type LogLevel, readLine } from './stderrProtocol.ts';

export interface HostOptions {
  /** As Stash's configuration names it: absolute, or relative to the working directory. */
  readonly pluginsPath: string;
  readonly settings: StashSettings;
  readonly environment: NodeJS.ProcessEnv;
  readonly logDelayMs: number;
  readonly nowMs: () => number;
  readonly recorder: Recorder;
  readonly connection: (user: string) => Omit<ServerConnection, 'pluginDirectory'>;
}

/** On whose behalf something runs, and when it is to be given up. */
export interface Caller {
  readonly user: string;
  readonly signal: AbortSignal;
}

interface Run {
  readonly kind: RunKind;
  readonly type: string;
  readonly entityId: number;
  readonly plugin: Plugin;
  readonly operation: OperationManifest | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly onProgress: (progress: number) => void;
}

export class PluginHost {
  readonly #options: HostOptions;
  readonly #pipes = new PipePool();
  #plugins: readonly Plugin[] = [];

  constructor(options: HostOptions) {
    this.#options = options;
  }

  get plugins(): readonly Plugin[] {
    return this.#plugins;
  }

  load(): void {
    this.#plugins = readPlugins(this.#options.pluginsPath, (text) => this.log('error', null, text));
  }

  async close(): Promise<void> {
    await this.#pipes.close();
  }

  /**
   * Runs every hook for this event. What goes wrong is logged and never reaches the caller; but a
   * process that cannot be started, or a caller that has gone, ends the row: later hooks are left
   * out.
   */
  async runHooks(caller: Caller, context: HookContext): Promise<void> {
    try {
      for (const plugin of this.#plugins) {
        if (this.#options.settings.isDisabled(plugin.id)) continue;
        for (const hook of hooksFor(plugin, context.type)) {
          await this.#runHook(caller, plugin, hook, context);
        }
      }
    } catch (error) {
      this.log('error', null, `error executing post hooks: ${messageOf(error)}`);
    }
  }

  /** The operation's output; throws its error, or what Stash says of a plugin that is not there. */
  async runOperation(
    caller: Caller,
    pluginId: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    this.#refuseDisabled(pluginId);
    const plugin = this.#find(pluginId);
    if (plugin === undefined) {
      const cause = 'runtime error: invalid memory address or nil pointer dereference';
      throw new StashError(`Internal system error. Error <${cause}>`);
    }
    const run = { kind: 'operation', type: '', entityId: 0, operation: undefined } as const;
    const { error, output } = await this.#run(caller, { ...run, plugin, args, onProgress: noop });
    if (error !== null) throw new StashError(error);
    return output;
  }

  /**
   * The work of a task's job. Whatever the plugin reports, the job has finished; only what cannot
   * be started fails. Stopping kills the process and does not wait for it.
   */
  async runTask(
    user: string,
    job: JobHandle,
    task: { readonly pluginId: string; readonly name: string | null },
    args: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const creating = 'Error creating plugin task: ';
    this.#refuseDisabled(task.pluginId, creating);
    const plugin = this.#find(task.pluginId);
    if (plugin === undefined) throw new Error(`${creating}no plugin with ID ${task.pluginId}`);
    const operation = plugin.manifest.tasks.find(({ name }) => name === task.name);
    if (task.name !== null && operation === undefined) {
      throw new Error(`${creating}no task with name ${task.name} in plugin ${plugin.name}`);
    }
    const caller = { user, signal: job.signal };
    const process = await this.#start(caller, {
      kind: 'task',
      type: task.name ?? '',
      entityId: 0,
      plugin,
      operation,
      args: { ...operation?.defaultArgs, ...args },
      onProgress: (progress) => job.setProgress(Math.min(1, Math.max(0, progress))),
    }).catch((error: unknown) => {
      throw new Error(`Error running plugin task: ${messageOf(error)}`);
    });
    // Also if the job was stopped: its end is logged whenever it comes.
    const logged = process.output.then(({ error, output }) => {
      if (error !== null) this.log('error', null, `Plugin returned error: ${error}`);
      else if (output !== null) this.log('debug', null, `Plugin returned: ${shown(output)}`);
    });
    await process.endedOrKilled(logged);
  }

  log(level: LogLevel, plugin: string | null, text: string): void {
    const entry: LogRecord = { at: this.#options.nowMs(), level, plugin, text };
    record(this.#options.recorder, 'log', entry);
  }

  async #runHook(
    caller: Caller,
    plugin: Plugin,
    hook: HookManifest,
    context: HookContext,
  ): Promise<void> {
    const { error, output } = await this.#run(caller, {
      kind: 'hook',
      type: context.type,
      entityId: context.id,
      plugin,
      operation: hook,
      args: hookArgs(hook.defaultArgs, context),
      onProgress: noop,
    });
    const source = `${context.type} [${plugin.name}]`;
    if (error !== null) this.log('error', null, `${source}: returned error: ${error}`);
    else if (output !== null) this.log('debug', null, `${source}: returned: ${shown(output)}`);
  }

  /** Throws `operation cancelled` if the caller goes first; the process is then killed. */
  async #run(caller: Caller, run: Run): Promise<PluginOutput> {
    const process = await this.#start(caller, run);
    const ended = await process.endedOrKilled(process.output);
    if (!ended) throw new StashError('operation cancelled');
    return process.output;
  }

  async #start(caller: Caller, run: Run): Promise<RunningPlugin> {
    const { environment, logDelayMs, recorder } = this.#options;
    const startedAt = performance.now();
    const text = pluginStdin(
      { ...this.#options.connection(caller.user), pluginDirectory: run.plugin.directory },
      run.args,
    );
    if (run.plugin.manifest.interface !== 'raw') {
      throw new Error(`the simulator runs raw plugins only, not ${run.plugin.manifest.interface}`);
    }
    record(recorder, 'stdinSent', { kind: run.kind, plugin: run.plugin.id, text });
    const level = defaultLevel(run.plugin.manifest.errLog);
    const process = await startProcess(this.#pipes, {
      ...execCommand(run.plugin, run.operation, environment['PATH'] ?? ''),
      input: text,
      environment,
      logDelayMs,
      onLine: (line) => this.#onLine(run, readLine(line, level)),
      onWarning: (warning) => this.log('warning', null, warning),
    });
    return new RunningPlugin(process, caller.signal, (end) => {
      record(recorder, 'runs', {
        at: this.#options.nowMs(),
        kind: run.kind,
        plugin: run.plugin.id,
        type: run.type,
        sceneOrEntityId: run.entityId,
        pid: process.pid,
        ms: performance.now() - startedAt,
        ...end,
      });
    });
  }

  #onLine(run: Run, event: ReturnType<typeof readLine>): void {
    if (event?.kind === 'log') this.log(event.level, run.plugin.name, event.text);
    if (event?.kind === 'progress') run.onProgress(event.progress);
    if (event?.kind === 'bad-progress') {
      const reason = `strconv.ParseFloat: parsing ${JSON.stringify(event.text)}: invalid syntax`;
      this.log('error', null, `Error parsing progress value '${event.text}': ${reason}`);
    }
  }

  #find(pluginId: string): Plugin | undefined {
    return this.#plugins.find((plugin) => plugin.id === pluginId);
  }

  #refuseDisabled(pluginId: string, prefix = ''): void {
    if (!this.#options.settings.isDisabled(pluginId)) return;
    throw new StashError(`${prefix}plugin ${pluginId} is disabled`);
  }
}

function hooksFor(plugin: Plugin, type: string): HookManifest[] {
  return plugin.manifest.hooks.flatMap((hook) =>
    hook.triggeredBy.filter((trigger) => trigger === type).map(() => hook),
  );
}

function shown(output: unknown): string {
  return typeof output === 'string' ? output : goJson(output);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function noop(): void {
  // Progress in hooks and operations has nobody to listen.
}
