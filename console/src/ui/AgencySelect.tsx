// An agency out of those that live today, found by any part of its name.
import { Select } from 'antd';
import { useAgencies, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { fold, isoDate } from './format';

export const byWords = {
  filterOption: (text: string, option?: { label?: unknown }) =>
    fold(String(option?.label)).includes(fold(text)),
};

export function useLivingAgencies() {
  const agencies = useAgencies(useMay('agency_read'));
  const today = isoDate(new Date());
  return (agencies.data ?? []).filter((each) => !each.valid_to || each.valid_to >= today);
}

// The agency of a page that shows one at a time: the chosen one, else the highest that may be seen.
export function useOneAgency(chosen: string | undefined): { id: string | undefined; name: string } {
  const agencies = useAgencies(useMay('agency_read'));
  const all = agencies.data ?? [];
  const one = all.find((each) => each.id === chosen) ?? all.find((each) => !each.superior) ?? all[0];
  return { id: one?.id, name: one?.name ?? '' };
}

// As a field of a form.
export function AgencySelect({
  id,
  value,
  onChange,
  without,
  label,
}: {
  id?: string;
  value?: string;
  onChange?: (agency: string) => void;
  without?: string | undefined;
  label?: string; // Where it stands outside of a form.
}) {
  const living = useLivingAgencies();
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(onChange ? { onChange } : {})}
      {...(label ? { 'aria-label': label } : {})}
      showSearch={byWords}
      options={living
        .filter((each) => each.id !== without)
        .map((each) => ({ value: each.id, label: each.name }))}
    />
  );
}

// As a filter; nothing where there is one agency only.
export function AgencyFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (agency: string | undefined) => void;
}) {
  const { t } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  if ((agencies.data?.length ?? 0) < 2) return null;
  return (
    <Select
      className="filter-wide"
      aria-label={t('filter.agency')}
      showSearch={byWords}
      value={value ?? ''}
      onChange={(agency) => onChange(agency || undefined)}
      options={[
        { value: '', label: t('filter.all_agencies') },
        ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
      ]}
    />
  );
}
