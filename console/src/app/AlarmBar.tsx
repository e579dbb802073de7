// A red bar over every page while an alarm rings: the emergency account was used, one account in two places, rights taken.
import { Link } from 'react-router-dom';
import { useAlarms } from '~/api/alarms';
import { useLanguage } from '~/i18n';
import { inOrder, rings } from '~/pages/emergency/alarm';
import { formatNumber } from '~/ui/format';
import { AlarmIcon } from '~/ui/icons';
import { Time } from '~/ui/Time';

export function AlarmBar() {
  const { t, local, language } = useLanguage();
  const alarms = useAlarms();
  const ringing = inOrder((alarms.data ?? []).filter(rings));
  const first = ringing[0];
  if (!first) return null;
  const more = ringing.length - 1;
  return (
    <div className="alarm-bar" role="alert">
      <AlarmIcon />
      <span>
        <strong>{local(first.title)}</strong> · {first.agency.name} · <Time at={first.at} />
        {more > 0 ? ` · ${t('alarm.more', { count: more, number: formatNumber(more, language) })}` : ''}
      </span>
      <Link to="/emergency">{t('alarm.see')}</Link>
    </div>
  );
}
