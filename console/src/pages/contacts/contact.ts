// Contacts: what must be checked again first, and what is kept of a form. Pure.
import type { Contact, ContactFields } from '~/api/caseworkTypes';

export type Trusted = 'verified' | 'stale' | 'never';

export const trustOf = (contact: Pick<Contact, 'verified' | 'stale'>): Trusted =>
  contact.verified === null ? 'never' : contact.stale ? 'stale' : 'verified';

export const lookOf = { verified: 'kept', stale: 'due', never: 'unknown' } as const;

const rank: Record<Trusted, number> = { stale: 0, never: 1, verified: 2 };

// What nobody may rely on yet comes first; the same by body, then by person.
export function byNeed(contacts: readonly Contact[], compare: (a: string, b: string) => number): Contact[] {
  return [...contacts].sort(
    (a, b) => rank[trustOf(a)] - rank[trustOf(b)] || compare(a.body, b.body) || compare(a.person, b.person),
  );
}

// What a change of loses the verification: it was made of these.
const verifiedParts = ['person', 'phone', 'email', 'channel'] as const;

export function losesVerification(old: Contact | null, next: Partial<ContactFields>): boolean {
  if (old === null || old.verified === null) return false;
  return verifiedParts.some((part) => (next[part] ?? '').normalize('NFC').trim() !== old[part]);
}

export function cleaned(typed: Partial<ContactFields>): ContactFields {
  const text = (value: string | undefined) => (value ?? '').normalize('NFC').trim();
  return {
    body: text(typed.body),
    kind: typed.kind ?? '',
    person: text(typed.person),
    position: text(typed.position),
    phone: text(typed.phone),
    email: text(typed.email),
    channel: text(typed.channel),
    around_the_clock: typed.around_the_clock === true,
    note: text(typed.note),
  };
}
