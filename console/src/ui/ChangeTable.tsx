// Before and after, in words where the field is known.
import type { Json, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { changesOf } from './changes';
import { formatDate, formatDateTime } from './format';
import { useNames } from './useNames';
import './changes.css';

export function ChangeTable({
  before,
  after,
  label,
}: {
  before: JsonObject;
  after: JsonObject;
  label: string;
}) {
  const { t } = useLanguage();
  const words = useValueWords();
  const changes = changesOf(before, after);
  if (changes.length === 0) return <p className="muted">{t('change.nothing')}</p>;
  return (
    <table className="change-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('change.field')}</th>
          <th scope="col">{t('change.before')}</th>
          <th scope="col">{t('change.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change, index) => (
          <tr key={`${change.field} ${String(index)}`}>
            <th scope="row">
              {t(`change_field.${change.field.replaceAll('.', '_')}` as 'change_field.grants', {
                defaultValue: change.field,
              })}
            </th>
            <td>
              {change.before === undefined ? (
                <span className="muted">–</span>
              ) : (
                <del>{words(change.before)}</del>
              )}
            </td>
            <td>
              {change.after === undefined ? (
                <span className="muted">–</span>
              ) : (
                <ins>{words(change.after)}</ins>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const idPattern = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const momentPattern = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function useValueWords() {
  const { t } = useLanguage();
  const { name } = useNames();
  const words = (value: Json): string => {
    if (value === null || value === '') return t('change.empty');
    if (typeof value === 'boolean') return value ? t('yes') : t('no');
    if (typeof value === 'string' && idPattern.test(value)) return name(value);
    if (typeof value === 'string' && dayPattern.test(value)) return formatDate(value);
    if (typeof value === 'string' && momentPattern.test(value)) return formatDateTime(value);
    if (typeof value !== 'object')
      return t(`change_value.${value}` as 'change_value.issued', { defaultValue: String(value) });
    if (Array.isArray(value)) return value.map(words).join(', ');
    if (typeof value.role === 'string') return role(value);
    if (typeof value.name === 'string' && typeof value.id !== 'undefined') return value.name;
    return Object.values(value)
      .map((each) => words(each))
      .join(' · ');
  };
  const role = (grant: JsonObject): string => {
    const title = t(`role.${String(grant.role)}` as 'role.staff', { defaultValue: String(grant.role) });
    // Whoever gains a right is named with it; such a right ends with the grant that gives it.
    const holder = grant.account ? words(grant.account) : '';
    const place = grant.agency
      ? typeof grant.agency === 'string'
        ? name(grant.agency)
        : words(grant.agency)
      : '';
    const open = holder ? '' : t('grant.open');
    const days = grant.valid_to ? t('grant.to', { to: formatDate(String(grant.valid_to)) }) : open;
    return [holder, title, place, days].filter(Boolean).join(' · ');
  };
  return words;
}
