// The most frequent values of a field among the answers: each narrows the search, or is excluded from it.
import { Select } from 'antd';
import { useState } from 'react';
import { useEventValues } from '~/api/queries';
import type { EventValues } from '~/api/types';
import { useLanguage } from '~/i18n';
import { byWords } from '~/ui/AgencySelect';
import type { Field } from '~/ui/FieldTable';
import { formatNumber } from '~/ui/format';
import { ErrorNote, Loading, Section } from '~/ui/Page';
import type { Span } from './search';

// What people ask of logs most; whatever else a line holds is offered when it is typed.
export const commonFields = [
  'source.ip',
  'destination.ip',
  'destination.port',
  'user.name',
  'host.name',
  'process.name',
  'event.action',
  'event.outcome',
  'log.level',
  'file.path',
] as const;

type CommonField = (typeof commonFields)[number];
type UnderscoreOf<Name> = Name extends `${infer Group}.${infer Part}` ? `${Group}_${Part}` : never;

const nameOfField = /^[\w.@]{1,128}$/;

interface Props {
  query: string;
  device: string | undefined;
  span: Span;
  field: string;
  onField: (field: string) => void;
  onPick: (field: Field, exclude: boolean) => void;
}

export function ValuesPanel({ query, device, span, field, onField, onPick }: Props) {
  const { t } = useLanguage();
  const values = useEventValues({ query, device, ...span }, field);
  const [typed, setTyped] = useState('');
  const named = (each: CommonField) => t(`log_field.${each.replace('.', '_') as UnderscoreOf<CommonField>}`);
  const own = [field, typed.trim()].filter(
    (each) => nameOfField.test(each) && !commonFields.some((known) => known === each),
  );
  return (
    <Section
      title={t('log_values.title')}
      extra={
        <Select
          aria-label={t('log_values.field')}
          className="filter-wide"
          showSearch={{ ...byWords, onSearch: setTyped }}
          value={field}
          onChange={onField}
          options={[
            ...commonFields.map((each) => ({ value: each as string, label: `${named(each)} · ${each}` })),
            ...[...new Set(own)].map((each) => ({ value: each, label: each })),
          ]}
        />
      }
    >
      {values.error ? (
        <ErrorNote error={values.error} onRetry={() => void values.refetch()} />
      ) : values.data ? (
        <Values values={values.data} onPick={onPick} />
      ) : (
        <Loading rows={4} />
      )}
    </Section>
  );
}

function Values({ values, onPick }: { values: EventValues; onPick: Props['onPick'] }) {
  const { t, language } = useLanguage();
  const most = Math.max(1, ...values.values.map((each) => each.count));
  const number = (count: number) => formatNumber(count, language);
  return (
    <>
      {values.values.length === 0 ? (
        <p className="muted">{t('log_values.none', { field: values.field })}</p>
      ) : (
        <ul className="log-values">
          {values.values.map((each) => {
            const picked = { name: values.field, value: each.value };
            return (
              <li key={each.value}>
                <button
                  type="button"
                  className="field-value"
                  title={t('logs.pick', { name: values.field })}
                  onClick={() => onPick(picked, false)}
                >
                  {each.value || '\u00a0'}
                </button>
                <span className="log-values-bar" aria-hidden="true">
                  <span style={{ width: `${(100 * each.count) / most}%` }} />
                </span>
                <span className="log-values-count">{number(each.count)}</span>
                <button
                  type="button"
                  className="field-exclude"
                  aria-label={t('logs.exclude', { name: values.field, value: each.value.slice(0, 80) })}
                  title={t('logs.exclude', { name: values.field, value: each.value.slice(0, 80) })}
                  onClick={() => onPick(picked, true)}
                >
                  −
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <p className="muted">
        {t(values.complete ? 'log_values.of' : 'log_values.of_part', {
          number: number(values.records),
          without: number(values.without),
        })}
      </p>
    </>
  );
}
