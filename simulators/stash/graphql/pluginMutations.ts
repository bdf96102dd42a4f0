// What runs, stops and configures plugins (stashapp/stash internal/api/resolver_mutation_plugin.go).
import { goMap, isRecord } from '../goFormats.ts';
import { parseId } from '../store/find.ts';
import { type Args, type Resolvers, textOf } from './context.ts';

export const pluginMutations: Resolvers = {
  runPluginTask: (args, { host, jobs, caller }) => {
    const pluginId = String(args['plugin_id']);
    const name = typeof args['task_name'] === 'string' ? args['task_name'] : null;
    const label = textOf(args['description']) || (name ?? pluginId);
    const values = isRecord(args['args_map']) ? args['args_map'] : argumentList(args['args']);
    const { id } = jobs.add(`Running plugin task: ${label}`, (job) =>
      host.runTask(caller.user, job, { pluginId, name }, values),
    );
    return String(id);
  },

  runPluginOperation: (args, { host, caller }) =>
    host.runOperation(
      caller,
      String(args['plugin_id']),
      isRecord(args['args']) ? args['args'] : {},
    ),

  configurePlugin: ({ plugin_id: id, input }, { settings }) =>
    goMap(settings.configurePlugin(String(id), isRecord(input) ? input : {})),

  setPluginsEnabled: ({ enabledMap }, { settings }) => {
    const entries = Object.entries(isRecord(enabledMap) ? enabledMap : {});
    settings.setEnabled(new Map(entries.map(([id, enabled]) => [id, enabled === true])));
    return true;
  },

  reloadPlugins: (_args, { host }) => {
    host.load();
    return true;
  },

  stopJob: (args, { jobs }) => {
    jobs.stop(parseId(String(args['job_id']), 'converting id: '));
    return true;
  },

  stopAllJobs: (_args, { jobs }) => {
    jobs.stopAll();
    return true;
  },
};

/** The old form of a task's arguments: a list of keys with typed values. */
function argumentList(value: unknown): Args {
  const list = Array.isArray(value) ? value.filter(isRecord) : [];
  return Object.fromEntries(list.map((entry) => [String(entry['key']), argument(entry['value'])]));
}

function argument(value: unknown): unknown {
  if (!isRecord(value)) return null;
  if (value['o'] !== undefined && value['o'] !== null) return argumentList(value['o']);
  if (Array.isArray(value['a'])) return value['a'].map(argument);
  return value['str'] ?? value['i'] ?? value['b'] ?? value['f'] ?? null;
}
