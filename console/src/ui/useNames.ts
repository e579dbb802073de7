// Names for the ids that acts and records of acts hold; an id that one may not see keeps its first characters.
import { useMemo } from 'react';
import { useAccounts } from '~/api/people';
import { useAgencies, useDevices, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';

const shownCharacters = 10;
const short = (id: string) => (id.length > shownCharacters ? `${id.slice(0, shownCharacters)}…` : id);

export function useNames() {
  const { t } = useLanguage();
  const accounts = useAccounts();
  const agencies = useAgencies(useMay('agency_read'));
  const devices = useDevices({}, useMay('device_read'));
  return useMemo(() => {
    const of = new Map<string, string>();
    for (const each of accounts.data ?? []) of.set(each.id, each.display_name);
    for (const each of agencies.data ?? []) of.set(each.id, each.name);
    for (const each of devices.data ?? []) of.set(each.id, each.name);
    const name = (id: string) => of.get(id) ?? short(id);
    // "account:01…" as "tài khoản Nguyễn Thị Hòa".
    const object = (text: string) => {
      const [kind, ...rest] = text.split(':');
      const id = rest.join(':');
      if (!kind || !id) return text;
      return t(`object.${kind}` as 'object.account', { name: name(id), defaultValue: text });
    };
    return { name, object, known: (id: string) => of.has(id) };
  }, [accounts.data, agencies.data, devices.data, t]);
}
