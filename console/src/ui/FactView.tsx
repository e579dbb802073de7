// A fact's body in readable words: named values, and tables for its lists.
import type { Json, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type FactField, factShapes } from './facts';
import { formatBytes, formatNumber, spanOf } from './format';
import { ScrollRegion } from './ScrollRegion';
import { StateIcon } from './StateTag';
import { Time, useSpanText } from './Time';

// Long lists (packages, ports) are cut on a card; the record behind the seal holds all of it.
const rowsShown = 12;

function useLabel() {
  const { t } = useLanguage();
  return (kind: string, key: string) =>
    t(`fact_field.${kind}.${key}` as 'fact_field.os.kernel', {
      defaultValue: t(`fact_field.any.${key}` as 'fact_field.any.name', { defaultValue: key }),
    });
}

// A list of objects, or one.
const isTable = (value: Json | undefined): boolean => typeof value === 'object' && value !== null;

export function FactView({ kind, body, short = false }: { kind: string; body: JsonObject; short?: boolean }) {
  const { t } = useLanguage();
  const label = useLabel();
  const shape = factShapes[kind] ?? { fields: [] };
  const tables = (shape.tables ?? []).filter((table) => isTable(body[table.key]));
  const named = new Set([
    ...shape.fields.map((field) => field.key),
    ...(shape.tables ?? []).map((table) => table.key),
  ]);
  const extra: FactField[] = Object.keys(body)
    .filter((key) => !named.has(key))
    .map((key) => ({ key, format: 'text' }));
  const fields = [...shape.fields.filter((field) => field.key in body), ...extra];
  return (
    <div className="fact-body">
      {fields.length > 0 ? (
        <dl className="facts facts-tight">
          {fields.map((field) => (
            <div key={field.key}>
              <dt>{label(kind, field.key)}</dt>
              <dd>
                <Value kind={kind} field={field} value={body[field.key] ?? null} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {tables.map((table) => {
        const rows = [body[table.key] as Json]
          .flat()
          .filter((row): row is JsonObject => typeof row === 'object' && row !== null && !Array.isArray(row));
        const name = label(kind, table.key);
        if (rows.length === 0) {
          return (
            <p key={table.key} className="muted">
              {t('fact_none', { name })}
            </p>
          );
        }
        const shown = short ? rows.slice(0, rowsShown) : rows;
        return (
          <ScrollRegion key={table.key} className="table-frame fact-table" label={name}>
            <table className="table table-small" aria-label={name}>
              <thead>
                <tr>
                  {table.columns.map((column) => (
                    <th key={column.key} scope="col">
                      {label(kind, column.key)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((row, index) => (
                  <tr key={String(index)}>
                    {table.columns.map((column) => (
                      <td key={column.key}>
                        <Value kind={kind} field={column} value={row[column.key] ?? null} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            {shown.length < rows.length ? (
              <p className="muted table-cut">{t('fact_more', { number: rows.length - shown.length })}</p>
            ) : null}
          </ScrollRegion>
        );
      })}
    </div>
  );
}

function Value({ kind, field, value }: { kind: string; field: FactField; value: Json }) {
  const { t, language } = useLanguage();
  const spanText = useSpanText();
  if (value === null || value === '') return <span className="muted">–</span>;
  switch (field.format) {
    case 'time':
      return <Time at={String(value)} />;
    case 'bytes':
      return formatBytes(Number(value), language);
    case 'number':
      return formatNumber(Number(value), language);
    case 'percent':
      return `${formatNumber(Number(value), language, 2)} %`;
    case 'seconds':
      return spanText(spanOf(Number(value) * 1000));
    case 'code':
      return <code>{String(value)}</code>;
    case 'list':
      return Array.isArray(value) ? (
        <span className="value-list">
          {value.map((item) => (
            <code key={String(item)}>{String(item)}</code>
          ))}
        </span>
      ) : (
        String(value)
      );
    case 'word':
      return t(`fact_word.${kind}.${String(value)}` as 'fact_word.any.none', {
        defaultValue: t(`fact_word.any.${String(value)}` as 'fact_word.any.none', {
          defaultValue: String(value),
        }),
      });
    case 'bool': {
      const word = value === true ? t('yes') : t('no');
      if (field.good === undefined) return word;
      const good = value === field.good;
      return (
        <span className={`truth ${good ? 'state-kept' : 'state-due'}`}>
          <StateIcon state={good ? 'kept' : 'due'} />
          {word}
        </span>
      );
    }
    default:
      return typeof value === 'boolean' ? (
        value ? (
          t('yes')
        ) : (
          t('no')
        )
      ) : typeof value === 'object' ? (
        <code>{JSON.stringify(value)}</code>
      ) : (
        String(value)
      );
  }
}
