// "Mappings": the path mappings in use and on offer, and what they leave unexplained, as the worker
// found them last.
import { noArguments } from '../contract/arguments.ts';
import { type MappingsAnswer } from '../contract/mappings.ts';
import * as state from '../store/file/state.ts';
import { readState } from '../store/file/state.ts';
import type { Operation } from './operation.ts';

export const mappings: Operation<object, MappingsAnswer> = {
  arguments: noArguments,
  perform: ({ db }) => {
    const survey = readState(db, state.survey);
    return {
      found: readState(db, state.mapping),
      survey: survey === null ? null : { doneAt: survey.doneAt, left: survey.left },
    };
  },
};
