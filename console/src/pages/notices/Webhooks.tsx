// Webhooks: whom the hub calls, of what, how it goes; their secrets, told once; trying one.
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useNoticeStanding, useTestWebhook, useWebhooks } from '~/api/notices';
import type { Webhook } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Age } from '~/ui/Time';
import { RemoveWebhook, RenewSecret, WebhookForm } from './WebhookDialogs';

type Asked = { act: 'add'; webhook: null } | { act: 'edit' | 'secret' | 'remove'; webhook: Webhook };

export function Webhooks() {
  const { t } = useLanguage();
  const query = useWebhooks();
  const hosts = useNoticeStanding().data?.settings.webhook_hosts;
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <Section
      title={t('notice.tab_webhooks')}
      extra={
        <MayButton
          action="notice_manage"
          type="primary"
          whyNot={hosts?.length === 0 ? t('notice.hosts_first') : null}
          onClick={() => setAsked({ act: 'add', webhook: null })}
        >
          {t('webhook.add')}
        </MayButton>
      }
    >
      <p className="muted">{t('webhook.lead')}</p>
      <Loaded query={query} rows={3}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState why={t('webhook.none')} />
          ) : (
            <ul className="worklist">
              {list.map((each) => (
                <Line key={each.id} webhook={each} onAsk={(act) => setAsked({ act, webhook: each })} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {asked?.act === 'add' || asked?.act === 'edit' ? (
        <WebhookForm webhook={asked.webhook} onClose={close} />
      ) : null}
      {asked?.act === 'secret' ? <RenewSecret webhook={asked.webhook} onClose={close} /> : null}
      {asked?.act === 'remove' ? <RemoveWebhook webhook={asked.webhook} onClose={close} /> : null}
    </Section>
  );
}

function Line({ webhook, onAsk }: { webhook: Webhook; onAsk: (act: 'edit' | 'secret' | 'remove') => void }) {
  const { t, local, language } = useLanguage();
  const test = useTestWebhook();
  const silent = webhook.secret_at === null;
  const state = !webhook.enabled || silent ? 'not_applicable' : webhook.problem ? 'violated' : 'kept';
  return (
    <li data-webhook={webhook.id}>
      <div className="worklist-line">
        <div>
          <span className="worklist-title">
            <StateIcon state={state} /> {webhook.name}
          </span>
          <code className="evidence-hash">{webhook.url}</code>
          <span className="worklist-meta">
            <span>{webhook.agency.name}</span>
            <span>{t(webhook.enabled ? 'webhook.on' : 'webhook.off')}</span>
            <span>
              {t('notice.last_sent')} <Age at={webhook.last_sent} />
            </span>
            <Link to={`/notices?tab=sent&webhook=${webhook.id}`}>
              {t('webhook.deliveries', {
                waiting: formatNumber(webhook.waiting, language),
                failed: formatNumber(webhook.failed, language),
              })}
            </Link>
          </span>
          <span className="worklist-why">
            {webhook.kinds.map((kind) => t(`notice_kind.${kind}`)).join('; ')}
          </span>
          {silent ? <p className="overdue">{t('webhook.no_secret')}</p> : null}
          {webhook.problem ? <p className="overdue wrap">{local(webhook.problem)}</p> : null}
        </div>
        <div className="worklist-actions">
          <Button
            size="small"
            loading={test.isPending}
            disabled={silent}
            onClick={() => test.mutate(webhook.id)}
          >
            {t('webhook.test')}
          </Button>
          <Button size="small" type={silent ? 'primary' : 'default'} onClick={() => onAsk('secret')}>
            {t(silent ? 'webhook.make_secret' : 'webhook.renew_secret')}
          </Button>
          <Button size="small" onClick={() => onAsk('edit')}>
            {t('webhook.edit')}
          </Button>
          <Button size="small" onClick={() => onAsk('remove')}>
            {t('webhook.remove')}
          </Button>
        </div>
      </div>
      {test.error ? <ErrorNote error={test.error} /> : null}
      {test.data ? (
        <Alert
          type={test.data.ok ? 'success' : 'error'}
          showIcon
          role="status"
          title={local(test.data.text)}
        />
      ) : null}
    </li>
  );
}
