// What differs between two states of a thing, flat: one line per field; of a list, what went and what came. Pure.
import type { Json, JsonObject } from '~/api/types';

export interface Change {
  field: string;
  before: Json | undefined;
  after: Json | undefined;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
// The same whatever order the members stand in.
const text = (value: Json | undefined): string =>
  JSON.stringify(value, (_, inner: Json) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  ) ?? '';

export function changesOf(before: JsonObject, after: JsonObject): Change[] {
  const out: Change[] = [];
  const visit = (field: string, left: Json | undefined, right: Json | undefined) => {
    if (text(left) === text(right)) return;
    if (Array.isArray(left) || Array.isArray(right)) {
      const old = Array.isArray(left) ? left : [];
      const now = Array.isArray(right) ? right : [];
      const kept = new Set(now.map(text));
      const known = new Set(old.map(text));
      for (const each of old) if (!kept.has(text(each))) out.push({ field, before: each, after: undefined });
      for (const each of now) if (!known.has(text(each))) out.push({ field, before: undefined, after: each });
    } else if (isObject(left) && isObject(right)) {
      for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
        visit(`${field}.${name}`, left[name], right[name]);
      }
    } else {
      out.push({ field, before: left, after: right });
    }
  };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    visit(name, before[name], after[name]);
  }
  return out;
}
