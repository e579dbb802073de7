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
