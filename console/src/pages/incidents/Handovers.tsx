// Packages of evidence for the police (article 14): what was handed to whom, each with its hash; making another.
import { Checkbox, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import type { Handover } from '~/api/caseworkTypes';
import { useMakeHandover } from '~/api/incidents';
import type { IncidentDetail } from '~/api/incidentTypes';
import { handoverPath, useFiles } from '~/api/papers';
import { useDevices, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { saveBlob } from '~/ui/files';
import { formatBytes, formatDate, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { MomentPicker } from '~/ui/MomentPicker';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { Time } from '~/ui/Time';
import { type Asked, handoverOf, minutesOf } from './handover';
import { textOf } from './Parts';

export function Handovers({ incident }: { incident: IncidentDetail }) {
  const { t } = useLanguage();
  const [making, setMaking] = useState(false);
  const files = useFiles();
  const list = incident.handovers ?? [];
  return (
    <Section
      title={t('handover.title')}
      extra={
        <MayButton action="incident_handle" size="small" onClick={() => setMaking(true)}>
          {t('handover.make')}
        </MayButton>
      }
    >
      {files.error ? <ErrorNote error={files.error} /> : null}
      {list.length === 0 ? (
        <EmptyState why={t('handover.none')} />
      ) : (
        <ul className="worklist">
          {list.map((each) => (
            <One
              key={each.id}
              handover={each}
              fetching={files.isPending}
              onGet={() =>
                files.mutate(
                  {
                    path: handoverPath(incident.id, each.id),
                    name: `ban-giao-${incident.number}-${each.made_at.slice(0, 10)}.zip`,
                  },
                  { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
                )
              }
            />
          ))}
        </ul>
      )}
      {making ? <Make incident={incident} onClose={() => setMaking(false)} /> : null}
    </Section>
  );
}

function One({ handover, fetching, onGet }: { handover: Handover; fetching: boolean; onGet: () => void }) {
  const { t, language } = useLanguage();
  const mayProve = useMay('evidence_prove');
  const [first, last] = [handover.days[0], handover.days.at(-1)];
  const number = (value: number) => formatNumber(value, language);
  return (
    <li data-handover={handover.id}>
      <div className="worklist-line">
        <div>
          <span className="worklist-title">{handover.receiver}</span>
          <span className="worklist-meta">
            <Time at={handover.made_at} />
            <span>{handover.by}</span>
            <span>{formatBytes(handover.bytes, language)}</span>
            <span>
              {t('handover.files', { count: handover.files.length, number: number(handover.files.length) })}
            </span>
            {handover.records > 0 ? (
              <span>
                {t('handover.records', { count: handover.records, number: number(handover.records) })}
              </span>
            ) : null}
            {first && last ? (
              <span>
                {t('handover.days', {
                  days: first === last ? formatDate(first) : `${formatDate(first)} – ${formatDate(last)}`,
                })}
              </span>
            ) : null}
            {handover.seq !== null && mayProve ? <SealLink seq={handover.seq} /> : null}
          </span>
        </div>
        <MayButton
          action={handover.records > 0 ? 'evidence_search' : 'incident_read'}
          size="small"
          loading={fetching}
          onClick={onGet}
        >
          {t('handover.get')}
        </MayButton>
      </div>
      <code className="evidence-hash">{handover.sha256}</code>
      <details className="handover-files">
        <summary>{t('handover.contents')}</summary>
        <ul className="custody">
          {handover.files.map((file) => (
            <li key={file.name}>
              {file.name} · {formatBytes(file.bytes, language)}
              <br />
              <code className="evidence-hash">{file.sha256}</code>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

function Make({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const { t, local } = useLanguage();
  const make = useMakeHandover(incident.id);
  const mayLogs = useMay('evidence_search');
  const devices = useDevices({ agency: incident.agency.id }, useMay('device_read'));
  const [form] = Form.useForm<Asked>();
  const withEvents = Form.useWatch('with_events', form) === true;
  const minutes = minutesOf(incident.papers);
  const evidence = incident.parts.filter((part) => part.kind === 'evidence');
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <Modal
      open
      title={t('handover.make')}
      okText={t('handover.make')}
      cancelText={t('action.cancel')}
      confirmLoading={make.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      width={640}
      afterOpenChange={(shown) => shown && form.getFieldInstance('receiver')?.focus()}
    >
      {make.error ? <ErrorNote error={make.error} /> : null}
      <p className="will-happen">{t('handover.will')}</p>
      <Form<Asked>
        form={form}
        layout="vertical"
        initialValues={{
          receiver: '',
          paper: minutes[0]?.id,
          evidence: [],
          with_events: mayLogs,
          from: incident.moments.discovered ?? incident.opened_at,
          to: new Date().toISOString(),
          devices: [],
        }}
        onFinish={(asked) => make.mutate(handoverOf(asked), { onSuccess: onClose })}
      >
        <Form.Item name="receiver" label={t('handover.receiver')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item
          name="paper"
          label={t('handover.minutes')}
          extra={minutes.length === 0 ? t('handover.no_minutes') : undefined}
        >
          <Select
            allowClear
            options={minutes.map((each) => ({
              value: each.id,
              label: `${each.notation ?? ''} ${local(each.title)}`.trim(),
            }))}
          />
        </Form.Item>
        <Form.Item name="evidence" label={t('incident.evidence')}>
          <Select
            mode="multiple"
            optionFilterProp="label"
            placeholder={t('handover.all_evidence')}
            options={evidence.map((part) => ({ value: part.id, label: textOf(part, 'name') }))}
          />
        </Form.Item>
        <Form.Item
          name="with_events"
          valuePropName="checked"
          extra={mayLogs ? undefined : t('handover.no_logs')}
        >
          <Checkbox disabled={!mayLogs}>{t('handover.with_events')}</Checkbox>
        </Form.Item>
        {withEvents ? (
          <>
            <Form.Item name="from" label={t('handover.from')} rules={needed}>
              <MomentPicker allowClear={false} />
            </Form.Item>
            <Form.Item name="to" label={t('handover.to')} rules={needed}>
              <MomentPicker allowClear={false} />
            </Form.Item>
            <Form.Item name="devices" label={t('handover.devices')}>
              <Select
                mode="multiple"
                optionFilterProp="label"
                placeholder={t('incident.whole_agency')}
                options={(devices.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
              />
            </Form.Item>
          </>
        ) : null}
      </Form>
      {make.isPending ? <p role="status">{t('handover.making')}</p> : null}
    </Modal>
  );
}
