// "Check settings": what would be wrong if a setting were changed, told before it is saved. It reads
// and changes nothing.
import {
  type CheckSettingsAnswer,
  checkSettingsArguments,
  type CheckSettingsArguments,
} from '../contract/checkSettings.ts';
import { checkSettings, type SettingProblem } from '../contract/settings.ts';
import type { Operation } from './operation.ts';

export const checkChange: Operation<CheckSettingsArguments, CheckSettingsAnswer> = {
  arguments: checkSettingsArguments,
  perform: (_context, { settings, changed }) => {
    const { [changed]: _, ...others } = settings;
    const before = new Set(problemsOf(others).map(textOf));
    const problems = problemsOf(settings).filter((problem) => !before.has(textOf(problem)));
    return { problems: [...problems] };
  },
};

function problemsOf(raw: Readonly<Record<string, unknown>>): readonly SettingProblem[] {
  const check = checkSettings(raw);
  return check.kind === 'valid' ? [] : check.problems;
}

const textOf = ({ setting, message }: SettingProblem): string => `${setting} ${message}`;
