// An entry of the register as it is typed and as the contract takes it. Pure.
import type { RegisteredSystem, SystemFields } from '~/api/caseworkTypes';

export const levels = [1, 2, 3, 4, 5] as const;

// As the form holds it: lists one a line, the decision in two fields.
export interface Typed {
  agency: string;
  name: string;
  purpose?: string;
  manager: SystemFields['manager'];
  operator?: string;
  place?: string;
  addresses?: string;
  domains?: string;
  devices?: string[];
  level?: number | null;
  decision?: string;
  decided?: string | undefined;
  personal_data?: boolean;
}

const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
// Written one a line or with commas, as people do.
export const lines = (text: string | undefined): string[] =>
  clean(text)
    .split(/[\n,;]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

export function systemOf(typed: Typed): SystemFields & { agency: string } {
  const decision = clean(typed.decision);
  return {
    agency: typed.agency,
    name: clean(typed.name),
    purpose: clean(typed.purpose),
    manager: typed.manager,
    operator: clean(typed.operator),
    place: clean(typed.place),
    addresses: lines(typed.addresses),
    domains: lines(typed.domains).map((each) => each.toLowerCase()),
    devices: typed.devices ?? [],
    level: typed.level ?? null,
    level_decision: decision && typed.decided ? { number: decision, date: typed.decided } : null,
    personal_data: typed.personal_data === true,
  };
}

export function typedOf(system: RegisteredSystem): Typed {
  return {
    agency: system.agency.id,
    name: system.name,
    purpose: system.purpose,
    manager: system.manager,
    operator: system.operator,
    place: system.place,
    addresses: system.addresses.join('\n'),
    domains: system.domains.join('\n'),
    devices: system.devices.map((each) => each.id),
    level: system.level,
    decision: system.level_decision?.number ?? '',
    decided: system.level_decision?.date,
    personal_data: system.personal_data,
  };
}
