// Taking a sender in, turning it away, forgetting it, and a token for a program: each says what will happen.
import { Alert, Button, Form, Input, Modal } from 'antd';
import {
  type Sender,
  type SenderToken,
  useApproveSender,
  useIssueSenderToken,
  useRefuseSender,
  useRemoveSender,
} from '~/api/senders';
import { useLanguage } from '~/i18n';
import { useLivingAgencies } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { Secret } from '~/ui/Secret';
import { PlaceFields } from './PlaceFields';
import { type PlaceValues, placeOf } from './place';

// New devices are what waits most; where there is one agency it is that one.
function useStart(name: string): PlaceValues {
  const [first, second] = useLivingAgencies();
  return { whose: 'new', name, class: 'network', ...(first && !second ? { agency: first.id } : {}) };
}

export function ApproveSender({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const { t, language } = useLanguage();
  const approve = useApproveSender(sender.id);
  const [form] = Form.useForm<PlaceValues>();
  const whose = Form.useWatch('whose', form) ?? 'new';
  const start = useStart(sender.about);
  const kept = sender.records - sender.dropped;
  return (
    <FormModal<PlaceValues>
      title={t('sender.approve_of', { key: sender.key })}
      ok={t('sender.approve')}
      will={
        <>
          <p>
            {t('sender.approve_will', { count: kept, number: formatNumber(kept, language) })}
            {sender.dropped > 0
              ? ` ${t('sender.lost', { number: formatNumber(sender.dropped, language) })}`
              : ''}
          </p>
          <p>{t(`sender_proves.${sender.kind}`)}</p>
        </>
      }
      form={form}
      initial={start}
      error={approve.error}
      busy={approve.isPending}
      onFinish={(values) => approve.mutate(placeOf(values), { onSuccess: onClose })}
      onClose={onClose}
    >
      <PlaceFields whose={whose} />
    </FormModal>
  );
}

export function RefuseSender({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const { t, language } = useLanguage();
  const refuse = useRefuseSender(sender.id);
  const kept = sender.records - sender.dropped;
  return (
    <FormModal<{ reason: string }>
      title={t('sender.refuse_of', { key: sender.key })}
      ok={t('sender.refuse')}
      danger
      will={t('sender.refuse_will', { count: kept, number: formatNumber(kept, language) })}
      error={refuse.error}
      busy={refuse.isPending}
      onFinish={({ reason }) => refuse.mutate(reason.normalize('NFC').trim(), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('sender.reason')}
        rules={[{ required: true, whitespace: true, message: t('sender.needed') }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormModal>
  );
}

export function RemoveSender({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveSender(sender.id);
  return (
    <FormModal
      title={t('sender.remove_of', { name: sender.about || sender.key })}
      ok={t('sender.remove')}
      danger
      will={t(sender.kind === 'token' ? 'sender.remove_will_token' : 'sender.remove_will')}
      error={remove.error}
      busy={remove.isPending}
      onFinish={() => remove.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

export function IssueSenderToken({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const issue = useIssueSenderToken();
  const [form] = Form.useForm<PlaceValues & { about: string }>();
  const whose = Form.useWatch('whose', form) ?? 'new';
  const start = useStart('');
  if (issue.data) return <Issued issued={issue.data} onClose={onClose} />;
  return (
    <FormModal<PlaceValues & { about: string }>
      title={t('sender.issue')}
      ok={t('sender.issue')}
      will={t('sender.issue_will')}
      form={form}
      initial={{ ...start, class: 'server' }}
      error={issue.error}
      busy={issue.isPending}
      onFinish={({ about, ...place }) =>
        issue.mutate({ ...placeOf(place), about: about.normalize('NFC').trim() })
      }
      onClose={onClose}
    >
      <Form.Item
        name="about"
        label={t('sender.about')}
        extra={t('sender.about_help')}
        rules={[{ required: true, whitespace: true, message: t('sender.needed') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <PlaceFields whose={whose} />
    </FormModal>
  );
}

function Issued({ issued, onClose }: { issued: SenderToken; onClose: () => void }) {
  const { t } = useLanguage();
  return (
    <Modal
      open
      title={t('sender.token')}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('action.close')}
        </Button>
      }
    >
      <Secret title={t('sender.token')} lines={[issued.token]} note={t('sender.token_once')} />
      {issued.url ? (
        <dl className="facts">
          <dt>{t('sender.url')}</dt>
          <dd>
            <code className="wrap">{issued.url}</code>
          </dd>
          <dt>{t('sender.elastic')}</dt>
          <dd>
            <code>/_bulk</code> · {t('sender.elastic_help')}
          </dd>
          <dt>{t('sender.otlp')}</dt>
          <dd>
            <code>/v1/logs</code> · {t('sender.otlp_help')}
          </dd>
        </dl>
      ) : (
        <Alert type="warning" showIcon title={t('sender.url_off')} />
      )}
    </Modal>
  );
}
