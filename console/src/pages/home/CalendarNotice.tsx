// That the calendar of holidays ends soon, or has ended: limits in working days then count holidays as working days.
import { useSystem } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { DateOnly } from '~/ui/Time';
import { calendarState } from './calendar';

export function CalendarNotice() {
  const { t } = useLanguage();
  const { data } = useSystem();
  const state = data ? calendarState(data.holidays_until, new Date(data.time)) : 'known';
  if (state === 'known' || !data?.holidays_until) return null;
  return (
    <p className="will-happen" role="status">
      {t(`home.calendar_${state}`)} <DateOnly at={data.holidays_until} />. {t('home.calendar_do')}
    </p>
  );
}
