// What may be done with a request to a provider as it stands. Pure.
import type { ProviderDecision, ProviderRequestState, VerdictState } from '~/api/types';

export const requestStates = ['asked', 'noted', 'returned', 'answered', 'closed', 'withdrawn'] as const;

interface Standing {
  state: ProviderRequestState;
  overdue: boolean;
  delay: { state: 'waiting' | 'granted' | 'refused' } | null;
}

const waitsForAnswer = (state: ProviderRequestState) =>
  state === 'asked' || state === 'noted' || state === 'returned';
export const isOver = (state: ProviderRequestState) => state === 'closed' || state === 'withdrawn';

export function lookOf({ state, overdue }: Pick<Standing, 'state' | 'overdue'>): VerdictState {
  if (state === 'closed') return 'kept';
  if (state === 'withdrawn') return 'not_applicable';
  if (overdue) return 'violated';
  return state === 'answered' ? 'due' : 'unknown';
}

export type Decision = ProviderDecision['decision'];

export function decisionsOf(request: Standing): Decision[] {
  if (isOver(request.state)) return [];
  return [
    ...(request.delay?.state === 'waiting' ? (['grant_delay', 'refuse_delay'] as const) : []),
    ...(request.state === 'answered' ? (['close', 'return'] as const) : []),
    'withdraw',
  ];
}

export const takesLetter = (request: Standing): boolean => waitsForAnswer(request.state);

export type OwnAct = 'note' | 'answer' | 'delay';

export function ownActsOf(request: Standing): OwnAct[] {
  if (!waitsForAnswer(request.state)) return [];
  return [
    ...(request.state === 'asked' ? (['note'] as const) : []),
    'answer',
    ...(request.delay?.state === 'waiting' ? [] : (['delay'] as const)),
  ];
}

// The hash of a file as the contract has it.
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
