// One state, or all: buttons that say what they are pressed for.
import type { Counts, VerdictState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from './format';
import { StateIcon } from './StateTag';
import { states, sumCounts } from './state';

export function StateFilter({
  value,
  counts,
  onChange,
}: {
  value: string | undefined;
  counts?: Counts;
  onChange: (state: VerdictState | undefined) => void;
}) {
  const { t, language } = useLanguage();
  return (
    <fieldset className="state-filter">
      <legend className="visually-hidden">{t('filter.state')}</legend>
      <button type="button" aria-pressed={!value} onClick={() => onChange(undefined)}>
        {t('filter.all')}
        {counts ? <span className="count">{formatNumber(sumCounts(counts), language)}</span> : null}
      </button>
      {states.map((state) => (
        <button
          key={state}
          type="button"
          className={`state-${state}`}
          aria-pressed={value === state}
          onClick={() => onChange(value === state ? undefined : state)}
        >
          <StateIcon state={state} />
          {t(`state.${state}`)}
          {counts ? <span className="count">{formatNumber(counts[state], language)}</span> : null}
        </button>
      ))}
    </fieldset>
  );
}
