// On which media a day lies, and what was read back from them.
import type { CustodyDay } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { formatDate, isoDate } from '~/ui/format';
import { StateIcon } from '~/ui/StateTag';
import { useNow } from '~/ui/Time';
import { copyDueOn, copyStateOf, isSoon } from './copies';

const lookOf = { overdue: 'violated', due: 'unknown', copied: 'kept', open: 'not_applicable' } as const;

export function DayCopies({ day, within }: { day: CustodyDay; within: number | null }) {
  const { t } = useLanguage();
  const state = copyStateOf(day);
  const due = copyDueOn(day, within);
  const today = isoDate(useNow());
  const look = state === 'due' && due && isSoon(due, today) ? 'due' : lookOf[state];
  return (
    <span className="two-lines">
      <span className={`state-tag state-${look}`} data-copy={state}>
        <StateIcon state={look} />
        {t(`copy_state.${state}`)}
      </span>
      {state === 'copied' ? (
        <span className="muted">{day.copies.map((copy) => copy.medium_name).join(', ')}</span>
      ) : due && state !== 'open' ? (
        <span className="muted">{t('copies.due_on', { day: formatDate(due) })}</span>
      ) : null}
    </span>
  );
}
