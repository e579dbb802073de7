// How one part of a set stands: in time, soon due, over, never; with what hinders it.
import { Tag } from 'antd';
import type { BackupPart } from '~/api/backups';
import { useLanguage } from '~/i18n';
import { DateOnly } from '~/ui/Time';

const colours = { kept: 'success', soon: 'warning', overdue: 'error', never: 'default' } as const;

export function useBecause() {
  const { t } = useLanguage();
  return (word: string) => (word ? t(`backup_because.${word}`, { defaultValue: word }) : '');
}

export function PartState({ part }: { part: BackupPart }) {
  const { t } = useLanguage();
  const because = useBecause();
  return (
    <>
      <Tag color={colours[part.standing]}>{t(`backup_standing.${part.standing}`)}</Tag>
      {part.newest ? (
        <span className="muted">
          {t('backups.last')} <DateOnly at={part.newest} />
        </span>
      ) : null}
      {part.because ? <div className="muted">{because(part.because)}</div> : null}
    </>
  );
}
