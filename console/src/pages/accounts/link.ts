// What a link between an account on a device and a person has to say, and which proposals can be taken at once. Pure.
import type { Dayjs } from 'dayjs';
import type { DeviceAccount, LinkChange, LinkKind, ManyLinks } from '~/api/controlTypes';
import { written } from '~/ui/text';

// As in src/people/account_link.h.
export const linkDaysMax = 366;
export const linksPerCallMax = 200;

export interface LinkValues {
  person?: string;
  kind: LinkKind;
  administrator?: boolean; // Its rights of an administrator are wanted.
  administrator_until?: Dayjs | null;
  expires?: Dayjs | null;
  reason?: string;
}

// A shared account may be nobody's, but says why and until when; so do rights of an administrator.
export const needsPerson = (kind: LinkKind) => kind !== 'shared';
export const needsReason = (values: Pick<LinkValues, 'kind' | 'administrator'>) =>
  values.kind === 'shared' || values.administrator === true;

const dayOf = (day: Dayjs | null | undefined) => day?.format('YYYY-MM-DD');

export function changeOf(values: LinkValues): LinkChange {
  const until = values.administrator ? dayOf(values.administrator_until) : undefined;
  const expires = dayOf(values.expires);
  const reason = written(values.reason);
  return {
    person: values.person ?? null,
    kind: values.kind,
    ...(until ? { administrator_until: until } : {}),
    ...(expires ? { expires } : {}),
    ...(reason ? { reason } : {}),
  };
}

export const keyOf = (account: DeviceAccount) => `${account.device.id} ${account.name}`;

// Of the ticked ones those that the hub proposes somebody for.
export function proposals(accounts: DeviceAccount[], ticked: ReadonlySet<string>): DeviceAccount[] {
  return accounts
    .filter((each) => ticked.has(keyOf(each)) && each.proposed !== null)
    .slice(0, linksPerCallMax);
}

export function takeProposals(accounts: DeviceAccount[], reason: string): ManyLinks {
  const why = written(reason);
  return {
    items: accounts.flatMap((each) =>
      each.proposed?.person.id
        ? [
            {
              device: each.device.id,
              name: each.name,
              person: each.proposed.person.id,
              kind: 'personal' as const,
            },
          ]
        : [],
    ),
    ...(why ? { reason: why } : {}),
  };
}

export function linkAll(
  accounts: DeviceAccount[],
  person: string,
  kind: LinkKind,
  reason: string,
): ManyLinks {
  const why = written(reason);
  return {
    items: accounts
      .slice(0, linksPerCallMax)
      .map((each) => ({ device: each.device.id, name: each.name, person, kind })),
    ...(why ? { reason: why } : {}),
  };
}
