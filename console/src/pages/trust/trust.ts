// Certificates as people read them. Pure.
import type { TrustCertificate } from '~/api/caseworkTypes';

// The name in "CN=Ban Cơ yếu Chính phủ,O=…,C=VN"; the whole where there is none.
export function commonName(name: string): string {
  const found = /(?:^|[,/])\s*CN\s*=\s*("[^"]+"|(?:\\.|[^,/\\])+)/i.exec(name);
  return found ? (found[1] as string).replace(/^"|"$/g, '').replace(/\\(.)/g, '$1').trim() : name;
}

const soonMilliseconds = 60 * 24 * 3_600_000;

// In force, ending within two months, or not in force.
export function lookOf(
  { not_before, not_after }: Pick<TrustCertificate, 'not_before' | 'not_after'>,
  now: Date,
): 'kept' | 'due' | 'violated' {
  const left = Date.parse(not_after) - now.getTime();
  if (left < 0 || Date.parse(not_before) > now.getTime()) return 'violated';
  return left < soonMilliseconds ? 'due' : 'kept';
}
