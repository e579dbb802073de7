// Which kept records a run reads: a time and an agency.
import { Select } from 'antd';
import { useState } from 'react';
import { useAgencies, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { RangeFilter, useSpan } from '../logs/RangeFilter';

const fallback = '24h';
type Range = Parameters<typeof useSpan>[0];

export interface RunScope {
  from: string;
  to: string;
  agency?: string;
}

// The scope as chosen, and the controls that choose it.
export function useRunScope() {
  const [range, setRange] = useState<Range>({ range: undefined, from: undefined, until: undefined });
  const [agency, setAgency] = useState('');
  const span = useSpan(range, fallback);
  // The end is when it is asked, not when the page was opened.
  const scope = (): RunScope => {
    const to = span.until ?? new Date().toISOString();
    const from = span.from ?? new Date(Date.parse(to) - 86_400_000).toISOString();
    return agency ? { from, to, agency } : { from, to };
  };
  const controls = <ScopeControls range={range} onRange={setRange} agency={agency} onAgency={setAgency} />;
  return { scope, controls };
}

function ScopeControls({
  range,
  onRange,
  agency,
  onAgency,
}: {
  range: Range;
  onRange: (next: Range) => void;
  agency: string;
  onAgency: (next: string) => void;
}) {
  const { t } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  return (
    <>
      <RangeFilter values={range} fallback={fallback} onChange={onRange} />
      {(agencies.data?.length ?? 0) > 1 ? (
        <Select
          className="filter-wide"
          aria-label={t('filter.agency')}
          value={agency}
          onChange={onAgency}
          options={[
            { value: '', label: t('filter.all_agencies') },
            ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
      ) : null}
    </>
  );
}
