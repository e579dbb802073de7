// The contract's shapes of accounts on devices and of reviews of rights under the names the console uses.
import type { AccountLinkKind, AccountProblem, ReviewAnswer, ReviewAnswers } from './generated';

export type {
  AccountLink,
  AccountLinkChange as LinkChange,
  AccountLinkKind as LinkKind,
  AccountLinks as ManyLinks,
  AccountProblem,
  DeviceAccount,
  DeviceAccountList,
  Review,
  ReviewAnswer as Answer,
  ReviewDetail,
  ReviewLine,
} from './generated';
export type LineAnswer = ReviewAnswers['answers'][number];

// In the order in which they are worked off.
export const accountProblems = [
  'ownerless',
  'owner_gone',
  'over_privileged',
  'shared',
  'dormant',
  'unreadable',
] as const satisfies AccountProblem[];
export const linkKinds = ['personal', 'service', 'shared'] as const satisfies AccountLinkKind[];
export const answers = ['keep', 'change', 'remove'] as const satisfies ReviewAnswer[];
