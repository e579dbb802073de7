// What the hub notes of people's acts, as a sentence; null for every other record. An act this console does not know keeps
// its own name.
import type { JsonObject, LogEvent } from '~/api/types';
import { useLanguage } from '~/i18n';

export function useAuditText() {
  const { t } = useLanguage();
  return (event: LogEvent): string | null => {
    const fields = event.fields as JsonObject;
    const act = fields['event.action'];
    if (event.transport !== 'hub' || fields['event.dataset'] !== 'luy.audit' || typeof act !== 'string')
      return null;
    const name = act.replaceAll('.', '_');
    const who = fields['user.name'];
    const text = t(fields['event.outcome'] === 'success' ? 'audit.done' : 'audit.failed', {
      who: typeof who === 'string' && who !== '' ? who : t('audit.nobody'),
      act: t(`act.${name}` as 'act.sign_in', { defaultValue: act }),
    });
    const address = fields['source.ip'];
    return typeof address === 'string' ? `${text} (${t('audit.from', { address })})` : text;
  };
}
