// How much is left until a moment, or by how much it is late.
import { useLanguage } from '~/i18n';
import { formatSeconds, spanOf } from '~/ui/format';
import { useNow, useSpanText } from '~/ui/Time';

export function TimeLeft({ at }: { at: string }) {
  const { t } = useLanguage();
  const now = useNow();
  const text = useSpanText();
  const left = Date.parse(at) - now.getTime();
  return left > 0 ? (
    <span className="time" title={formatSeconds(at)}>
      {t('time.left', { span: text(spanOf(left)) })}
    </span>
  ) : (
    <LateBy at={at} />
  );
}

export function LateBy({ at }: { at?: string }) {
  const { t } = useLanguage();
  const now = useNow();
  const text = useSpanText();
  return (
    <span className="overdue" {...(at ? { title: formatSeconds(at) } : {})}>
      {at
        ? t('incident.late_by', { span: text(spanOf(now.getTime() - Date.parse(at))) })
        : t('incident.only_overdue')}
    </span>
  );
}
