// Saying what findings are: looked at, part of a case, a false alarm. A false alarm needs its reason, everything else may
// have one.
import { Form, Input, Modal } from 'antd';
import { useNavigate } from 'react-router-dom';
import { useFinding, useSetFindingState } from '~/api/findings';
import { useMay } from '~/api/queries';
import type { FindingState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote } from '~/ui/Page';
import { OpenCase } from '../incidents/OpenCase';
import '../incidents/incidents.css';

export const acts: readonly { state: FindingState; key: string }[] = [
  { state: 'acknowledged', key: 'a' },
  { state: 'in_case', key: 'e' },
  { state: 'false_positive', key: 'f' },
  { state: 'new', key: 'n' },
];

export interface Asked {
  findings: string[];
  state: FindingState;
}

export function TriageButtons({
  findings,
  present,
  onAsk,
}: {
  findings: string[];
  present?: FindingState;
  onAsk: (asked: Asked) => void;
}) {
  const { t } = useLanguage();
  return (
    <>
      {acts
        .filter(({ state }) => state !== present && (present !== undefined || state !== 'new'))
        .map(({ state, key }) => (
          <MayButton
            key={state}
            action="finding_triage"
            type={state === 'acknowledged' ? 'primary' : 'default'}
            whyNot={findings.length === 0 ? t('findings.pick_first') : null}
            onClick={() => onAsk({ findings, state })}
          >
            {t(`finding_act.${state}`)} <span className="key">{key}</span>
          </MayButton>
        ))}
    </>
  );
}

interface ModalProps {
  asked: Asked;
  onClose: (done: boolean) => void;
}

// Who may handle incidents opens a case from the findings, or lets them join one; others only say that they belong to one.
export function TriageModal(props: ModalProps) {
  const mayHandle = useMay('incident_handle');
  return props.asked.state === 'in_case' && mayHandle ? <Escalate {...props} /> : <Say {...props} />;
}

function Escalate({ asked, onClose }: ModalProps) {
  const { local } = useLanguage();
  const navigate = useNavigate();
  const first = useFinding(asked.findings[0] ?? '');
  if (!first.data) return null;
  return (
    <OpenCase
      source={{
        agency: first.data.agency.id,
        title: local(first.data.title),
        discovered_at: first.data.first_seen,
        findings: asked.findings,
      }}
      onClose={(made) => {
        onClose(Boolean(made));
        if (made) navigate(`/incidents/${made.id}`);
      }}
    />
  );
}

function Say({ asked, onClose }: ModalProps) {
  const { t, language } = useLanguage();
  const change = useSetFindingState();
  const [form] = Form.useForm<{ reason: string }>();
  const needed = asked.state === 'false_positive';
  return (
    <Modal
      open
      title={t(`finding_act.${asked.state}`)}
      okText={t(`finding_act.${asked.state}`)}
      cancelText={t('action.cancel')}
      confirmLoading={change.isPending}
      onCancel={() => onClose(false)}
      onOk={() => form.submit()}
      afterOpenChange={(open) => open && form.getFieldInstance('reason')?.focus()}
    >
      {change.error ? <ErrorNote error={change.error} /> : null}
      <p>
        {t(`finding_will.${asked.state}`, {
          count: asked.findings.length,
          number: formatNumber(asked.findings.length, language),
        })}
      </p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ reason: '' }}
        onFinish={({ reason }) => {
          const text = reason.normalize('NFC').trim();
          change.mutate(text ? { ...asked, reason: text } : asked, { onSuccess: () => onClose(true) });
        }}
      >
        <Form.Item
          name="reason"
          label={t(needed ? 'findings.reason_needed' : 'findings.reason')}
          rules={needed ? [{ required: true, whitespace: true, message: t('findings.reason_missing') }] : []}
        >
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
