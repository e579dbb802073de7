// The time that a page asks about: back from now, or between two moments; it lives in the address.
import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { useLanguage } from '~/i18n';
import { RangePicker } from './RangePicker';
import { type Range, type Span, spanOfSearch } from './search';
import './logs.css';

export const rangeParams = ['range', 'from', 'until'] as const;
type Values = Record<(typeof rangeParams)[number], string | undefined>;

const offered: readonly Range[] = ['1h', '24h', '7d', '30d'];

// The span counts back from when the page was opened, not from each redraw.
export function useSpan({ range, from, until }: Values, fallback: Range): Span {
  const [asked] = useState(() => new Date());
  return useMemo(
    () => spanOfSearch({ from, until, range: range ?? fallback }, asked),
    [from, until, range, fallback, asked],
  );
}

export function RangeFilter({
  values,
  fallback,
  all = false,
  onChange,
}: {
  values: Values;
  fallback: Range;
  all?: boolean; // Whether everything that is kept may be asked for.
  onChange: (next: Values) => void;
}) {
  const { t } = useLanguage();
  const own = Boolean(values.from || values.until);
  return (
    <>
      <Select
        aria-label={t('logs.range')}
        className="filter-narrow"
        value={own ? 'own' : (values.range ?? fallback)}
        onChange={(next) =>
          onChange({
            range: next === fallback || next === 'own' ? undefined : next,
            from: undefined,
            until: undefined,
          })
        }
        options={[
          ...[...offered, ...(all ? (['all'] as const) : [])].map((range) => ({
            value: range as string,
            label: t(`logs.range_${range}`),
          })),
          ...(own ? [{ value: 'own', label: t('logs.range_own') }] : []),
        ]}
      />
      <RangePicker
        from={values.from}
        until={values.until}
        onChange={(from, until) => onChange({ range: undefined, from, until })}
      />
    </>
  );
}
