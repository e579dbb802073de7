// Adding, changing and removing a webhook, which takes two people; its secret, which is told once.
import { Button, Checkbox, Form, Input, Modal, Switch } from 'antd';
import { useKeepWebhook, useNoticeStanding, useRemoveWebhook, useRenewSecret } from '~/api/notices';
import { useSession } from '~/api/queries';
import type { NewWebhook, Webhook } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { formatDateTime } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { Secret } from '~/ui/Secret';
import { written, writtenOrNull } from '~/ui/text';
import { noticeKinds } from './notice';

export function WebhookForm({ webhook, onClose }: { webhook: Webhook | null; onClose: () => void }) {
  const { t } = useLanguage();
  const keep = useKeepWebhook(webhook?.id ?? null);
  const session = useSession().data;
  const hosts = useNoticeStanding().data?.settings.webhook_hosts ?? [];
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <FormModal<NewWebhook>
      title={webhook ? t('webhook.edit_of', { name: webhook.name }) : t('webhook.add')}
      ok={t('action.save')}
      will={t('webhook.keep_will')}
      error={keep.error}
      busy={keep.isPending}
      proposed={keep.data}
      initial={
        webhook
          ? { ...webhook, agency: webhook.agency.id }
          : { agency: session?.grants[0]?.agency ?? '', enabled: true, kinds: ['incident'] }
      }
      onFinish={(values) =>
        keep.mutate(
          {
            name: written(values.name),
            agency: values.agency,
            url: written(values.url),
            ca_file: writtenOrNull(values.ca_file),
            kinds: values.kinds,
            enabled: values.enabled,
          },
          { onSuccess: (made) => (made.done ? onClose() : undefined) },
        )
      }
      onClose={onClose}
    >
      <Form.Item name="name" label={t('webhook.name')} rules={needed}>
        <Input maxLength={50} />
      </Form.Item>
      <Form.Item name="agency" label={t('webhook.agency')} extra={t('webhook.agency_help')} rules={needed}>
        <AgencySelect />
      </Form.Item>
      <Form.Item
        name="url"
        label={t('webhook.url')}
        extra={t('webhook.url_help', { hosts: hosts.map((each) => each.host).join(', ') })}
        rules={needed}
      >
        <Input maxLength={1000} inputMode="url" />
      </Form.Item>
      <Form.Item
        name="kinds"
        label={t('webhook.kinds')}
        rules={[
          {
            validator: (_, chosen?: string[]) =>
              chosen?.length ? Promise.resolve() : Promise.reject(new Error(t('webhook.kinds_needed'))),
          },
        ]}
      >
        <Checkbox.Group
          role="group"
          aria-label={t('webhook.kinds')}
          className="stacked"
          options={noticeKinds.map((each) => ({ value: each as string, label: t(`notice_kind.${each}`) }))}
        />
      </Form.Item>
      <Form.Item name="ca_file" label={t('notice.ca_file')} extra={t('notice.files_help')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="enabled" valuePropName="checked" label={t('webhook.enabled')}>
        <Switch />
      </Form.Item>
    </FormModal>
  );
}

export function RemoveWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveWebhook(webhook.id);
  return (
    <FormModal
      title={t('webhook.remove_of', { name: webhook.name })}
      ok={t('webhook.remove')}
      danger
      will={t('webhook.remove_will')}
      error={remove.error}
      busy={remove.isPending}
      proposed={remove.data}
      onFinish={() => remove.mutate(undefined, { onSuccess: (made) => (made.done ? onClose() : undefined) })}
      onClose={onClose}
    />
  );
}

export function RenewSecret({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useLanguage();
  const renew = useRenewSecret(webhook.id);
  const { data } = renew;
  const title = t('webhook.secret_of', { name: webhook.name });
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      footer={
        data ? (
          <Button type="primary" onClick={onClose}>
            {t('action.close')}
          </Button>
        ) : (
          [
            <Button key="cancel" onClick={onClose}>
              {t('action.cancel')}
            </Button>,
            <Button key="ok" type="primary" loading={renew.isPending} onClick={() => renew.mutate()}>
              {t(webhook.secret_at ? 'webhook.renew_secret' : 'webhook.make_secret')}
            </Button>,
          ]
        )
      }
    >
      {renew.error ? <ErrorNote error={renew.error} /> : null}
      {data ? (
        <>
          <Secret title={title} lines={[data.secret]} note={t('webhook.secret_note')} />
          {data.previous_until ? (
            <p>{t('webhook.previous_until', { time: formatDateTime(data.previous_until) })}</p>
          ) : null}
        </>
      ) : (
        <p className="will-happen">{t(webhook.secret_at ? 'webhook.renew_will' : 'webhook.make_will')}</p>
      )}
    </Modal>
  );
}
