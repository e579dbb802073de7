// Filters live in the address: what one sees can be sent to a colleague.
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

export type Params = Record<string, string | undefined>;

// Sets and removes parameters; an empty value removes. The order of the others stays.
export function withParams(search: URLSearchParams, change: Params): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  return next;
}

export function useParamsState<Name extends string>(...names: Name[]) {
  const [search, setSearch] = useSearchParams();
  const list = names.join();
  const values = useMemo(
    () =>
      Object.fromEntries(list.split(',').map((name) => [name, search.get(name) ?? undefined])) as Record<
        Name,
        string | undefined
      >,
    [search, list],
  );
  // `push` makes a step that the browser's back button undoes; typing replaces.
  const change = useCallback(
    (next: Params, push = false) => setSearch((old) => withParams(old, next), { replace: !push }),
    [setSearch],
  );
  return [values, change] as const;
}
