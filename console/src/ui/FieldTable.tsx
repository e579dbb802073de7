// Parsed fields, flat, by Elastic Common Schema name; a click on a value searches for it.
import type { Json, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';

export interface Field {
  name: string;
  value: string;
}

// {"a":{"b":1}} and {"a.b":1} are both "a.b".
export function flatFields(fields: JsonObject): Field[] {
  const out: Field[] = [];
  const visit = (value: Json, name: string) => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, name);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) visit(inner, name ? `${name}.${key}` : key);
    } else if (value !== null && value !== '') {
      out.push({ name, value: String(value) });
    }
  };
  visit(fields, '');
  return out.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

export function FieldTable({
  fields,
  onPick,
}: {
  fields: JsonObject;
  onPick?: (field: Field, exclude: boolean) => void;
}) {
  const { t } = useLanguage();
  const flat = flatFields(fields);
  if (flat.length === 0) return <p className="muted">{t('record.no_fields')}</p>;
  return (
    <table className="field-table" aria-label={t('record.fields')}>
      <tbody>
        {flat.map((field, index) => (
          <tr key={`${field.name} ${String(index)}`}>
            <th scope="row">{field.name}</th>
            <td>
              {onPick ? (
                <>
                  <button
                    type="button"
                    className="field-value"
                    title={t('logs.pick', { name: field.name })}
                    onClick={() => onPick(field, false)}
                  >
                    {field.value}
                  </button>
                  <button
                    type="button"
                    className="field-exclude"
                    aria-label={t('logs.exclude', { name: field.name, value: field.value.slice(0, 80) })}
                    title={t('logs.exclude', { name: field.name, value: field.value.slice(0, 80) })}
                    onClick={() => onPick(field, true)}
                  >
                    −
                  </button>
                </>
              ) : (
                field.value
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
