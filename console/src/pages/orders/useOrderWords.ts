// An order in a line: what, and about what exactly.
import type { JsonObject, KeptOrderType } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDateTime, spanOf } from '~/ui/format';
import { useSpanText } from '~/ui/Time';

export function useOrderWords() {
  const { t } = useLanguage();
  const span = useSpanText();
  // `parameters` of an order, or what was asked for: the latter knows seconds, the former a moment.
  return (type: KeptOrderType, parameters: JsonObject): string => {
    const { address, pid, path, until, seconds } = parameters;
    const parts = [t(`order_type.${type}`, { defaultValue: type })];
    if (typeof address === 'string') parts.push(address);
    if (typeof path === 'string' && path) parts.push(path);
    if (typeof pid === 'number') parts.push(t('order.pid_short', { pid }));
    if (typeof until === 'string') parts.push(t('order.until', { time: formatDateTime(until) }));
    else if (typeof seconds === 'number') parts.push(t('order.for', { span: span(spanOf(seconds * 1000)) }));
    else if (type === 'block_address') parts.push(t('order.for_good').toLocaleLowerCase());
    return parts.join(' · ');
  };
}
