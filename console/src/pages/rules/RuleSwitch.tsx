// Switching a rule, and deleting one of the town's own: with a reason, and for grave ones with a second person.
import { Form, Input, Modal } from 'antd';
import { Link, useNavigate } from 'react-router-dom';
import { useDeleteRule, useSwitchRule } from '~/api/findings';
import type { RuleDetail } from '~/api/types';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';

export function SwitchRule({ rule, onClose }: { rule: RuleDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const change = useSwitchRule(rule.id);
  const off = rule.enabled;
  return (
    <ReasonDialog
      title={t(off ? 'rules.switch_off' : 'rules.switch_on')}
      will={t(off ? (rule.takes_two ? 'rules.off_takes_two' : 'rules.off_will') : 'rules.on_will')}
      waits={Boolean(change.data && !change.data.done)}
      pending={change.isPending}
      error={change.error}
      onReason={(reason) =>
        change.mutate({ enabled: !off, reason }, { onSuccess: (answer) => answer.done && onClose() })
      }
      onClose={onClose}
    />
  );
}

export function DeleteRule({ rule, onClose }: { rule: RuleDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const remove = useDeleteRule(rule.id);
  return (
    <ReasonDialog
      title={t('rules_delete.title')}
      will={t(rule.takes_two && rule.enabled ? 'rules_delete.takes_two' : 'rules_delete.will')}
      waits={Boolean(remove.data && !remove.data.done)}
      pending={remove.isPending}
      error={remove.error}
      onReason={(reason) =>
        remove.mutate(reason, { onSuccess: (answer) => answer.done && navigate('/rules') })
      }
      onClose={onClose}
    />
  );
}

function ReasonDialog({
  title,
  will,
  waits,
  pending,
  error,
  onReason,
  onClose,
}: {
  title: string;
  will: string;
  waits: boolean; // It was asked for, and waits for a second person.
  pending: boolean;
  error: unknown;
  onReason: (reason: string) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      title={title}
      okText={waits ? t('action.close') : title}
      cancelText={t('action.cancel')}
      confirmLoading={pending}
      onCancel={onClose}
      onOk={() => (waits ? onClose() : form.submit())}
      afterOpenChange={(open) => open && form.getFieldInstance('reason')?.focus()}
    >
      {error ? <ErrorNote error={error} /> : null}
      {waits ? (
        <p role="status">
          {t('rules.waits')} <Link to="/acts">{t('nav.acts')}</Link>
        </p>
      ) : (
        <>
          <p>{will}</p>
          <Form
            form={form}
            layout="vertical"
            initialValues={{ reason: '' }}
            onFinish={({ reason }) => onReason(reason.normalize('NFC').trim())}
          >
            <Form.Item
              name="reason"
              label={t('rules.reason')}
              rules={[{ required: true, whitespace: true, message: t('findings.reason_missing') }]}
            >
              <Input.TextArea rows={3} maxLength={1000} />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}
