// The contract's shapes of people under the names the console uses.
import type { ImportedSheet, PersonState, SessionList } from './generated';

export type {
  ImportedSheet as PersonSheet,
  Named,
  NewPerson,
  PersonAccount,
  PersonChange,
  PersonFull as Person,
  PersonRef,
  PersonState,
  ProposedAct as Outcome,
} from './generated';
export type SheetAct = ImportedSheet['lines'][number]['does'];
export type SessionOf = SessionList['sessions'][number];

export const personStates = ['active', 'leaving', 'gone'] as const satisfies PersonState[];
