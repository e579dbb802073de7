import type { Session } from '~/api/types';

// Where to go after signing in: only a path of this console, never another site ("//host", "/\host").
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || /^\/[/\\]/.test(next) || next.startsWith('/sign-in')) return '/';
  return next;
}

// The one page that is open to whom the hub lets do nothing else yet; null = all are.
export function doorOf(session: Session): '/password' | '/second-factor' | null {
  if (session.must_change_password) return '/password';
  return session.must_enrol_factor ? '/second-factor' : null;
}

// What went wrong at a portal, as the hub's redirect names it: refused there, not tied to an account, anything else.
export type PortalFault = 'unlinked' | 'disabled' | 'refused' | 'unreachable' | 'other';

export function portalFault(error: string | null): PortalFault | null {
  if (error === null || error === '') return null;
  const name = error.replace(/^directory\./, '');
  if (name === 'identity_unlinked') return 'unlinked';
  if (name === 'account_disabled' || name === 'identity_sealed' || name === 'source_unknown')
    return 'disabled';
  if (name === 'id_token_refused') return 'refused';
  return /unreachable|unavailable|timeout/.test(name) ? 'unreachable' : 'other';
}

// The key that the administrator ties to an account: what an identifier may look like, and no more of it.
export const keyOf = (text: string | null): string => (text && /^[\x21-\x7e]{1,255}$/.test(text) ? text : '');
