// People, as the contract gives them: the shapes that persons, leavers, reviews and commitments share.
import type { Grant, LocalText } from './types';

export interface Named {
  id: string;
  name: string;
}

export const personStates = ['active', 'leaving', 'gone'] as const;
export type PersonState = (typeof personStates)[number];

export interface PersonAccount {
  id: string;
  username: string;
  enabled: boolean;
  sealed: boolean;
  must_change_password: boolean;
  last_sign_in: string | null;
  grants: Grant[];
}

export interface Person {
  id: string;
  name: string;
  agency: Named;
  position: string;
  email: string | null;
  phone: string | null;
  state: PersonState;
  since: string | null;
  until: string | null;
  external: { source: string; subject: string } | null;
  accounts: PersonAccount[];
  leave: string | null;
  commitment: { signed_at: string; until: string | null } | null;
}

export interface Listed<T> {
  items: T[];
  next: string | null;
}

// What was done, or waits for a second person.
export interface Outcome {
  done: boolean;
  act: string | null;
}

export interface PersonFields {
  agency?: string;
  since?: string;
  name: string;
  position?: string;
  email?: string;
  phone?: string;
}

export type SheetAct = 'create' | 'change' | 'nothing' | 'refuse';
export interface PersonSheet {
  lines: { line: number; name: string; does: SheetAct; text: LocalText }[];
  refused: number;
  applied: boolean;
}

export interface SessionOf {
  id: string;
  created_at: string;
  last_seen: string;
  address: string;
  program: string;
  public_place: boolean;
}
