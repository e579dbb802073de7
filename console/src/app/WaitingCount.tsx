// The badge of the inbox: how many acts wait for this person.
import { useActsWaiting } from '~/api/people';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';

export function WaitingCount() {
  const { language } = useLanguage();
  const waiting = useActsWaiting();
  return waiting > 0 ? (
    <span className="waiting-count" aria-hidden="true">
      {formatNumber(waiting, language)}
    </span>
  ) : null;
}
