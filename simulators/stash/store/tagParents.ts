// Tags above and below each other when some are merged.
import type { EntityRecord } from './records.ts';

/**
 * The tag as a merge leaves it: what was below one of the sources is below the destination
 * (stashapp/stash `internal/api/resolver_mutation_tag.go` `TagsMerge`, `pkg/tag/update.go`
 * `MergeHierarchy`). What the destination inherits from above is not played.
 */
export function withMergedParents(
  tag: EntityRecord,
  sources: readonly number[],
  destination: number,
): EntityRecord {
  const value = tag.fields['parent_ids'];
  const parents = Array.isArray(value) ? value.map(Number) : [];
  if (!parents.some((id) => sources.includes(id))) return tag;
  const merged = parents.map((id) => (sources.includes(id) ? destination : id));
  const others = [...new Set(merged)].filter((id) => id !== tag.id);
  return { ...tag, fields: { ...tag.fields, parent_ids: others } };
}
