// Opening a case: from nothing, or from findings that one has looked at; or letting the findings join a case.
import { Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useIncidents, useJoinFindings, useOpenIncident, useProcess } from '~/api/incidents';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useAgencies, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote } from '~/ui/Page';
import { SystemChoice } from './CaseSystem';

interface Values {
  agency: string;
  title: string;
  system: string;
  system_id?: string;
  description: string;
  kind: string | undefined;
  discovered_at: string;
  into: string;
}

export interface Source {
  agency: string;
  title: string;
  discovered_at: string;
  findings: string[];
}

export function OpenCase({ source, onClose }: { source?: Source; onClose: (made?: IncidentDetail) => void }) {
  const { t, local } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  const process = useProcess();
  const opened = useOpenIncident();
  const joined = useJoinFindings();
  const others = useIncidents({ open: 'true', agency: source?.agency }, Boolean(source));
  const cases = others.data?.pages.flatMap((page) => page.items) ?? [];
  const [joins, setJoins] = useState(false);
  const [form] = Form.useForm<Values>();
  const mayRegister = useMay('system_read');
  const agency = Form.useWatch('agency', form);
  const registered = Form.useWatch('system_id', form);
  const error = opened.error ?? joined.error;
  const finish = (values: Values) => {
    if (joins && source) {
      joined.mutate({ incident: values.into, findings: source.findings }, { onSuccess: onClose });
      return;
    }
    const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
    opened.mutate(
      {
        agency: values.agency,
        title: clean(values.title),
        discovered_at: values.discovered_at,
        ...(values.system_id
          ? { system_id: values.system_id }
          : clean(values.system)
            ? { system: clean(values.system) }
            : {}),
        ...(clean(values.description) ? { description: clean(values.description) } : {}),
        ...(source ? { findings: source.findings } : {}),
        ...(values.kind ? { classification: { kind: values.kind, properties: [] } } : {}),
      },
      { onSuccess: onClose },
    );
  };
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  // The form begins with what is known of agencies.
  if (agencies.isLoading) return null;
  return (
    <Modal
      open
      title={t(source ? 'incident.from_findings' : 'incident.open')}
      okText={t(joins ? 'incident.join' : 'incident.open')}
      cancelText={t('action.cancel')}
      confirmLoading={opened.isPending || joined.isPending}
      onCancel={() => onClose()}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('title')?.focus()}
      width={640}
    >
      {error ? <ErrorNote error={error} /> : null}
      <p className="will-happen">{t('incident.open_will')}</p>
      {source && cases.length > 0 ? (
        <Radio.Group
          className="open-or-join"
          value={joins}
          onChange={(event) => setJoins(event.target.value === true)}
          options={[
            { value: false, label: t('incident.new_case') },
            { value: true, label: t('incident.known_case') },
          ]}
        />
      ) : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{
          agency: source?.agency ?? agencies.data?.[0]?.id,
          title: source?.title ?? '',
          system: '',
          description: '',
          discovered_at: source?.discovered_at ?? new Date().toISOString(),
        }}
        onFinish={finish}
      >
        {joins ? (
          <Form.Item name="into" label={t('incident.which')} rules={needed}>
            <Select
              options={cases.map((each) => ({ value: each.id, label: `${each.number} · ${each.title}` }))}
            />
          </Form.Item>
        ) : (
          <>
            <Form.Item name="agency" label={t('filter.agency')} rules={needed}>
              <Select
                disabled={Boolean(source)}
                onChange={() => form.setFieldValue('system_id', undefined)}
                showSearch={{ optionFilterProp: 'label' }}
                options={(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
              />
            </Form.Item>
            <Form.Item name="title" label={t('incident.title')} rules={needed}>
              <Input maxLength={400} />
            </Form.Item>
            <Form.Item
              name="discovered_at"
              label={t('incident.discovered')}
              extra={t('incident.discovered_help')}
              rules={needed}
            >
              <MomentPicker allowClear={false} />
            </Form.Item>
            {mayRegister ? (
              <Form.Item name="system_id" label={t('system.from_register')}>
                <SystemChoice agency={agency} />
              </Form.Item>
            ) : null}
            {registered ? null : (
              <Form.Item name="system" label={t('incident.system')}>
                <Input maxLength={400} />
              </Form.Item>
            )}
            <Form.Item name="kind" label={t('incident.kind')}>
              <Select
                allowClear
                options={(process.data?.kinds ?? []).map((each) => ({
                  value: each.id,
                  label: local(each.title),
                }))}
              />
            </Form.Item>
            <Form.Item name="description" label={t('incident.description')}>
              <Input.TextArea rows={3} maxLength={16000} />
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  );
}
