// Which commitments somebody has still to sign, and what the registers say of people. Pure.
import type { Appointment, Commitment, CommitmentText } from '~/api/commitments';
import { fold } from '~/ui/format';

// A new version of a text is signed anew; whoever signed an older one has not signed this.
export function unsigned(texts: CommitmentText[], own: Commitment[]): CommitmentText[] {
  return texts.filter(
    (text) =>
      !own.some((each) => each.in_force && each.text?.id === text.id && each.text.version >= text.version),
  );
}

// The name of a text as its address has it: letters, digits and hyphens.
export const textId = (title: string): string =>
  fold(title)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);

export type AppointmentFault = 'ended' | 'absent' | 'untrained';

// Why an appointment does not count; null when it does.
export function faultOf(one: Appointment, today: string): AppointmentFault | null {
  if (!one.in_force) return 'ended';
  if (!one.present) return 'absent';
  if (one.trained_until === null || one.trained_until < today) return 'untrained';
  return null;
}

export const tabs = ['commitments', 'missing', 'appointments', 'trainings', 'texts'] as const;
export type Tab = (typeof tabs)[number];

// Paths of the hub's tasks stay inside the console.
export const inside = (link: string): string => link.replace(/^\/+/, '');

export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
