// Whose acts, on what, which, where and with which outcome: the filters of the audit page, all of them in its address.
import { Select, Switch } from 'antd';
import { useMemo } from 'react';
import { useAccounts } from '~/api/people';
import { useAgencies, useAuditActs, useDevices, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { compareText, fold } from '~/ui/format';
import type { Params } from '~/ui/query';
import { RangeFilter } from '../logs/RangeFilter';
import type { AuditFilter } from './entry';

export const auditParams = [
  'person',
  'object',
  'type',
  'act',
  'outcome',
  'agency',
  'alarm',
  'searches',
  'range',
  'from',
  'until',
  'open',
] as const;
type Values = AuditFilter & {
  range: string | undefined;
  from: string | undefined;
  until: string | undefined;
};

const byWords = {
  filterOption: (text: string, option?: { label?: unknown }) =>
    fold(String(option?.label)).includes(fold(text)),
};

export function Filters({
  values,
  everybody,
  onChange,
}: {
  values: Values;
  everybody: boolean; // Whether others' acts are shown, too.
  onChange: (next: Params) => void;
}) {
  const { t } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  return (
    <>
      <div className="filters">
        {everybody ? (
          <PersonFilter value={values.person} onChange={(person) => onChange({ person })} />
        ) : null}
        <ObjectFilter value={values.object} onChange={(object) => onChange({ object })} />
        {values.object ? null : <TypeFilter value={values.type} onChange={(type) => onChange({ type })} />}
        <ActFilter value={values.act} onChange={(act) => onChange({ act })} />
        <Select
          className="filter-narrow"
          aria-label={t('trail.outcome')}
          value={values.outcome ?? ''}
          onChange={(outcome) => onChange({ outcome })}
          options={[
            { value: '', label: t('trail.all_outcomes') },
            { value: 'done', label: t('trail.done') },
            { value: 'failed', label: t('trail.not_done') },
            { value: 'refused', label: t('trail.refused_only') },
          ]}
        />
      </div>
      <div className="filters">
        <RangeFilter all values={values} fallback="30d" onChange={(span) => onChange({ ...span })} />
        {everybody && (agencies.data?.length ?? 0) > 1 ? (
          <Select
            className="filter-wide"
            aria-label={t('filter.agency')}
            showSearch={byWords}
            value={values.agency ?? ''}
            onChange={(agency) => onChange({ agency })}
            options={[
              { value: '', label: t('filter.all_agencies') },
              ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        ) : null}
        <Flag
          label={t('trail.only_alarms')}
          on={values.alarm === '1'}
          onChange={(on) => onChange({ alarm: on ? '1' : undefined })}
        />
        <Flag
          label={t('trail.searches')}
          on={values.searches === '1'}
          onChange={(on) => onChange({ searches: on ? '1' : undefined })}
        />
      </div>
    </>
  );
}

function Flag({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <span className="trail-switch">
      <Switch size="small" aria-label={label} checked={on} onChange={onChange} />
      <span aria-hidden="true">{label}</span>
    </span>
  );
}

interface OneProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function PersonFilter({ value, onChange }: OneProps) {
  const { t } = useLanguage();
  const known = useAccounts().data ?? [];
  const options = known.map((each) => ({
    value: each.username,
    label: `${each.display_name} (${each.username})`,
  }));
  if (value && !known.some((each) => each.username === value)) options.push({ value, label: value });
  return (
    <Select
      className="filter-wide"
      aria-label={t('trail.person')}
      showSearch={byWords}
      value={value ?? ''}
      onChange={(person) => onChange(person)}
      options={[{ value: '', label: t('trail.everybody') }, ...options]}
    />
  );
}

function ObjectFilter({ value, onChange }: OneProps) {
  const { t } = useLanguage();
  const accounts = useAccounts();
  const agencies = useAgencies(useMay('agency_read'));
  const devices = useDevices({}, useMay('device_read'));
  const options = useMemo(() => {
    const list = [
      ...(accounts.data ?? []).map((each) => ({
        value: `account:${each.id}`,
        label: t('object.account', { name: `${each.display_name} (${each.username})` }),
      })),
      ...(agencies.data ?? []).map((each) => ({
        value: `agency:${each.id}`,
        label: t('object.agency', { name: each.name }),
      })),
      ...(devices.data ?? []).map((each) => ({
        value: `device:${each.id}`,
        label: t('object.device', { name: each.name }),
      })),
    ];
    if (value && !list.some((each) => each.value === value)) list.push({ value, label: value });
    return list;
  }, [accounts.data, agencies.data, devices.data, value, t]);
  return (
    <Select
      className="filter-wide"
      aria-label={t('trail.object')}
      showSearch={byWords}
      value={value ?? ''}
      onChange={(object) => onChange(object)}
      options={[{ value: '', label: t('trail.any_object') }, ...options]}
    />
  );
}

function TypeFilter({ value, onChange }: OneProps) {
  const { t } = useLanguage();
  const acts = useAuditActs();
  const options = useMemo(() => {
    const types = new Set([...(acts.data?.object_types ?? []), ...(value ? [value] : [])]);
    return [...types]
      .map((type) => ({
        value: type,
        label: t(`object_type.${type}` as 'object_type.account', { defaultValue: type }),
      }))
      .sort((a, b) => compareText(a.label, b.label));
  }, [acts.data, value, t]);
  return (
    <Select
      className="filter-wide"
      aria-label={t('trail.type')}
      showSearch={byWords}
      value={value ?? ''}
      onChange={(type) => onChange(type)}
      options={[{ value: '', label: t('trail.any_type') }, ...options]}
    />
  );
}

function ActFilter({ value, onChange }: OneProps) {
  const { t, local } = useLanguage();
  const acts = useAuditActs();
  const options = useMemo(() => {
    const known = acts.data?.items ?? [];
    const list = known.map(({ act, title }) => ({
      value: act,
      label: t(`act.${act.replaceAll('.', '_')}` as 'act.sign_in', {
        defaultValue: title ? local(title) : act,
      }),
    }));
    if (value && !known.some((each) => each.act === value)) list.push({ value, label: value });
    return list.sort((a, b) => compareText(a.label, b.label));
  }, [acts.data, value, t, local]);
  return (
    <Select
      className="filter-wide"
      aria-label={t('trail.act')}
      showSearch={byWords}
      value={value ?? ''}
      onChange={(act) => onChange(act)}
      options={[{ value: '', label: t('trail.all_acts') }, ...options]}
    />
  );
}
