import { useLanguage } from '~/i18n';

const examples = [
  ['sshd failed', 'words'],
  ['"Failed password"', 'phrase'],
  ['user:root', 'field'],
  ['process.name:ssh*', 'part'],
  ['app:sudo -user:root', 'not'],
  ['sudo OR su', 'or'],
  ['(sshd OR ftpd) AND ip:10.0.0.0/8', 'network'],
  ['port>1024', 'number'],
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
      <p className="muted">{t('logs.help_short')}</p>
      <p className="muted">{t('logs.help_fields')}</p>
    </div>
  );
}
