// What was pushed since a time is found without a look at all that ever was: a run over a restored Stash
// asks for it with every page.

export const migration0010 = `
CREATE INDEX scene_state_pushed ON scene_state (pushed_at) WHERE pushed_at IS NOT NULL;
CREATE INDEX change_time ON change (at, scene_id);
`;
