import { useLanguage } from '~/i18n';

const examples = [
  ['sshd failed', 'words'],
  ['"Failed password"', 'phrase'],
  ['user.name:root', 'field'],
  ['process.name:ssh*', 'part'],
  ['process.name:sudo -user.name:root', 'not'],
  ['source.ip:192.0.2.10', 'address'],
] as const;

export function SearchHelp({ onTry }: { onTry: (query: string) => void }) {
  const { t } = useLanguage();
  return (
    <div className="search-help">
      <table aria-label={t('logs.help_title')}>
        <tbody>
          {examples.map(([query, key]) => (
            <tr key={key}>
              <td>
                <button type="button" className="field-value" onClick={() => onTry(query)}>
                  {query}
                </button>
              </td>
              <td>{t(`logs.help_${key}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">{t('logs.help_fields')}</p>
    </div>
  );
}
