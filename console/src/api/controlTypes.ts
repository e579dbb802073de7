// Accounts on devices, whose they are, and reviews of rights, as the contract gives them.
import type { Listed, Named } from './personTypes';
import type { LocalText } from './types';

export interface MaybeNamed {
  id: string | null; // Null of a command on the server.
  name: string;
}

// In the order in which they are worked off.
export const accountProblems = [
  'ownerless',
  'owner_gone',
  'over_privileged',
  'shared',
  'dormant',
  'unreadable',
] as const;
export type AccountProblem = (typeof accountProblems)[number];

export const linkKinds = ['personal', 'service', 'shared'] as const;
export type LinkKind = (typeof linkKinds)[number];

export interface AccountLink {
  person: MaybeNamed | null;
  kind: LinkKind;
  administrator_until: string | null;
  reason: string;
  by: MaybeNamed;
  at: string;
  expires: string | null;
  seq: number | null;
}

export interface DeviceAccount {
  device: { id: string; name: string; agency: Named };
  name: string;
  uid: number | null;
  can_log_in: boolean;
  administrator: boolean;
  last_login: string | null;
  link: AccountLink | null;
  proposed: { person: Named; why: LocalText } | null;
  problems: AccountProblem[];
  since: string | null;
  seq: number;
}

export interface DeviceAccountList extends Listed<DeviceAccount> {
  counts: Partial<Record<AccountProblem, number>>;
}

export interface LinkChange {
  person: string | null;
  kind: LinkKind;
  administrator_until?: string;
  reason?: string;
  expires?: string;
}

export interface ManyLinks {
  items: { device: string; name: string; person: string; kind: LinkKind }[];
  reason?: string;
}

export const answers = ['keep', 'change', 'remove'] as const;
export type Answer = (typeof answers)[number];

export interface Review {
  id: string;
  number: string;
  agency: Named;
  below: boolean;
  opened_at: string;
  due: string;
  closed_at: string | null;
  overdue: boolean;
  counts: { lines: number; answered: number; keep: number; change: number; remove: number; undone: number };
  by: MaybeNamed | null;
  seq: number | null;
}

export interface ReviewLine {
  id: string;
  subject: { kind: string; id: string; title: string };
  holder: Named | null;
  position: string;
  rights: LocalText[];
  last_used: string | null;
  flags: string[];
  answer: Answer | null;
  reason: string | null;
  by: MaybeNamed | null;
  at: string | null;
  done_at: string | null;
  may_answer: boolean;
  why_not: LocalText | null;
}

export interface ReviewDetail extends Review {
  lines: ReviewLine[];
}

export interface LineAnswer {
  line: string;
  answer: Answer;
  reason?: string;
}
