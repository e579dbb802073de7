// Filters live in the address: what one sees can be sent to a colleague.
import { useCallback, useEffect, useMemo } from 'react';
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

// What was asked for while the page still stands at the address before: a second change builds on the first.
let pending: { from: string; next: URLSearchParams } | null = null;

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
    (params: Params, push = false) => {
      const from = search.toString();
      const next = withParams(pending?.from === from ? pending.next : search, params);
      pending = { from, next };
      setSearch(next, { replace: !push });
    },
    [search, setSearch],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: arrived, here or at another page.
  useEffect(() => {
    pending = null;
  }, [search]);
  return [values, change] as const;
}
