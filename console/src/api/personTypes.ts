// The contract's shapes of people under the names the console uses.
import type { PersonState, SessionList } from './generated';

export type {
  Named,
  NewPerson,
  PersonAccount,
  PersonChange,
  PersonFull as Person,
  PersonRef,
  PersonState,
  ProposedAct as Outcome,
} from './generated';
export type SessionOf = SessionList['sessions'][number];

export const personStates = ['active', 'leaving', 'gone'] as const satisfies PersonState[];
