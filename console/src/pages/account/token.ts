// Whether a token still works, and how long a new one may. Pure.
import type { ApiToken } from '~/api/tokens';

// As in the contract: within 366 days.
export const tokenDaysMax = 366;

export type TokenState = 'living' | 'over' | 'ended';

export function tokenState(token: Pick<ApiToken, 'expires_at' | 'revoked_at'>, now: Date): TokenState {
  if (token.revoked_at) return 'ended';
  return Date.parse(token.expires_at) <= now.getTime() ? 'over' : 'living';
}

// Living ones first, each part by what ends next.
export function ordered(tokens: ApiToken[], now: Date): ApiToken[] {
  const rank = (token: ApiToken) => (tokenState(token, now) === 'living' ? 0 : 1);
  return [...tokens].sort((a, b) => rank(a) - rank(b) || a.expires_at.localeCompare(b.expires_at));
}

// The end of a day in Ho Chi Minh City, but never more than the longest time a token may have from now.
export function expiryOf(day: string, now: Date): string {
  const end = Date.parse(`${day}T17:00:00Z`) - 1000;
  const latest = now.getTime() + tokenDaysMax * 86_400_000 - 60_000;
  return new Date(Math.min(end, latest)).toISOString();
}
