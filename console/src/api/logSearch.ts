// A search of the logs as the hub finds it: hits, how far it got, an end that says why. Leaving it ends it at the hub, too.
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { ApiError, client, unwrap } from './client';
import type { EventFilter } from './keys';
import { FrameReader } from './sse';
import type { LocalText, LogEvent } from './types';

export interface SearchProgress {
  records_read: number;
  hits: number;
  milliseconds: number;
  reached: string | null; // Everything newer has been looked at.
}
export interface SearchEnd {
  hits: number;
  records_read: number;
  blocks_skipped: number;
  milliseconds: number;
  complete: boolean;
  reason: 'end' | 'limit' | 'time' | 'cancelled' | 'failed';
  next: number | null; // To go on: as `before`.
  damaged: { day: string; first_seq: number; count: number }[];
  problem?: { code: string } & LocalText;
}
interface Told {
  hit: (event: LogEvent) => void;
  progress: (progress: SearchProgress) => void;
}

const runLimit = 500;

// The search to its end. Errors: the hub's refusal; what broke the connection; AbortError when `signal` says so.
export async function runSearch(
  filter: EventFilter,
  before: number | undefined,
  told: Told,
  signal: AbortSignal,
): Promise<SearchEnd> {
  const answer = await unwrap(
    client.GET('/api/v1/events/stream', {
      params: { query: { ...filter, ...(before === undefined ? {} : { before }), limit: runLimit } },
      parseAs: 'stream',
      signal,
    }),
  );
  const body = answer?.pipeThrough(new TextDecoderStream()).getReader();
  const frames = new FrameReader();
  for (;;) {
    const part = await body?.read();
    if (!part || part.done) break;
    for (const { event, data } of frames.push(part.value)) {
      if (event === 'hit') told.hit(JSON.parse(data) as LogEvent);
      else if (event === 'progress') told.progress(JSON.parse(data) as SearchProgress);
      else if (event === 'end') return JSON.parse(data) as SearchEnd;
    }
  }
  // The connection closed without a word why: what was found stands, but nobody knows what is missing.
  throw new TypeError('the search broke off');
}

export interface LogSearch {
  of: string; // The filter it answers.
  events: LogEvent[];
  state: 'running' | 'ended' | 'cancelled' | 'failed';
  progress: SearchProgress | null;
  end: SearchEnd | null;
  error: unknown;
  at: number; // When the last part ended; 0 before.
}
type Act =
  | { kind: 'begin'; of: string; keep: boolean }
  | { kind: 'hits'; events: LogEvent[]; progress: SearchProgress | null }
  | { kind: 'end'; end: SearchEnd }
  | { kind: 'cancel' }
  | { kind: 'fail'; error: unknown };

export const noSearch: LogSearch = {
  of: '',
  events: [],
  state: 'running',
  progress: null,
  end: null,
  error: null,
  at: 0,
};

export function searchStep(was: LogSearch, act: Act): LogSearch {
  switch (act.kind) {
    case 'begin':
      return { ...noSearch, of: act.of, events: act.keep ? was.events : [], at: act.keep ? was.at : 0 };
    case 'hits':
      return {
        ...was,
        events: act.events.length > 0 ? [...was.events, ...act.events] : was.events,
        progress: act.progress ?? was.progress,
      };
    case 'end': {
      const { problem } = act.end;
      const error = problem ? new ApiError(500, problem.code, problem) : null;
      return { ...was, state: error ? 'failed' : 'ended', end: act.end, error, at: Date.now() };
    }
    case 'cancel':
      return { ...was, state: 'cancelled', at: Date.now() };
    case 'fail':
      return { ...was, state: 'failed', error: act.error, at: Date.now() };
  }
}

// Hits reach the page in handfuls: hundreds of them a second would draw it hundreds of times.
const gatherMilliseconds = 120;

export function useLogSearch(filter: EventFilter) {
  const [held, step] = useReducer(searchStep, noSearch);
  const running = useRef<AbortController>(undefined);
  const wanted = JSON.stringify(filter);
  // What answers another question is never shown under this one.
  const search = held.of === wanted ? held : noSearch;
  const run = useCallback(
    (before?: number) => {
      running.current?.abort();
      const own = new AbortController();
      running.current = own;
      step({ kind: 'begin', of: wanted, keep: before !== undefined });
      let gathered: LogEvent[] = [];
      let latest: SearchProgress | null = null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const deliver = () => {
        clearTimeout(timer);
        timer = undefined;
        if (!own.signal.aborted) step({ kind: 'hits', events: gathered, progress: latest });
        gathered = [];
      };
      const soon = () => {
        timer ??= setTimeout(deliver, gatherMilliseconds);
      };
      const told: Told = {
        hit: (event) => {
          gathered.push(event);
          soon();
        },
        progress: (progress) => {
          latest = progress;
          soon();
        },
      };
      runSearch(JSON.parse(wanted) as EventFilter, before, told, own.signal)
        .then((end) => {
          deliver();
          if (!own.signal.aborted) step({ kind: 'end', end });
        })
        .catch((error: unknown) => {
          deliver();
          if (!own.signal.aborted) step({ kind: 'fail', error });
        });
    },
    [wanted],
  );
  useEffect(() => {
    run();
    return () => running.current?.abort();
  }, [run]);
  const next = search.end?.next ?? null;
  return {
    ...search,
    hasMore: search.state === 'ended' && next !== null,
    more: () => next !== null && run(next),
    again: () => run(),
    cancel: () => {
      running.current?.abort();
      step({ kind: 'cancel' });
    },
  };
}
