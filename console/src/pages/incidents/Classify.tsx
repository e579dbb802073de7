// Kind, harmed properties, signs of graveness; the severity follows from the pack's rule, unless somebody says why not.
import { Checkbox, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useClassify } from '~/api/incidents';
import type { IncidentClassificationChange, IncidentDetail, IncidentProcess } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Section } from '~/ui/Page';

const levels = [1, 2, 3, 4, 5];

export function Classification({
  process,
  incident,
}: {
  process: IncidentProcess;
  incident: IncidentDetail;
}) {
  const { t, local } = useLanguage();
  const [changing, setChanging] = useState(false);
  const found = incident.classification;
  const names = (ids: string[], choices: IncidentProcess['harms']) =>
    ids
      .map((id) => choices.find((each) => each.id === id))
      .map((each) => (each ? local(each.title) : ''))
      .join('; ');
  const flags = (['national', 'beyond', 'personal_data'] as const).filter((flag) => found[flag]);
  return (
    <Section
      title={t('incident.classification')}
      extra={
        <MayButton
          action="incident_handle"
          size="small"
          whyNot={incident.over ? t('incident.is_over') : null}
          onClick={() => setChanging(true)}
        >
          {t('incident.classify')}
        </MayButton>
      }
    >
      <dl className="facts facts-tight">
        <div>
          <dt>{t('incident.kind')}</dt>
          <dd>{local(incident.kind_title)}</dd>
        </div>
        <div>
          <dt>{t('incident.severity')}</dt>
          <dd>
            {incident.severity ? local(incident.severity.title) : '–'}
            {found.severity_override ? ` (${found.override_reason})` : ''}
          </dd>
        </div>
        <div>
          <dt>{t('incident.properties')}</dt>
          <dd>{names(found.properties, process.properties) || '–'}</dd>
        </div>
        <div>
          <dt>{t('incident.harms')}</dt>
          <dd>{names(found.harms, process.harms) || '–'}</dd>
        </div>
        <div>
          <dt>{t('incident.level')}</dt>
          <dd>{found.level ?? '–'}</dd>
        </div>
        {flags.length > 0 ? (
          <div>
            <dt>{t('incident.flags')}</dt>
            <dd>{flags.map((flag) => t(`incident_flag.${flag}`)).join('; ')}</dd>
          </div>
        ) : null}
      </dl>
      {changing ? <Dialog process={process} incident={incident} onClose={() => setChanging(false)} /> : null}
    </Section>
  );
}

function Dialog({
  process,
  incident,
  onClose,
}: {
  process: IncidentProcess;
  incident: IncidentDetail;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const classify = useClassify(incident.id);
  const [form] = Form.useForm<IncidentClassificationChange>();
  const override = Form.useWatch('severity_override', form);
  const options = (choices: IncidentProcess['harms']) =>
    choices.map((each) => ({ value: each.id, label: local(each.title) }));
  return (
    <Modal
      open
      title={t('incident.classify')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={classify.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      width={640}
    >
      {classify.error ? <ErrorNote error={classify.error} /> : null}
      <Form<IncidentClassificationChange>
        form={form}
        layout="vertical"
        initialValues={incident.classification}
        onFinish={(values) =>
          classify.mutate(
            {
              ...values,
              level: values.level ?? null,
              severity_override: values.severity_override ?? '',
              override_reason: values.severity_override ? (values.override_reason ?? '').trim() : '',
            },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="kind"
          label={t('incident.kind')}
          rules={[{ required: true, message: t('incident.needed') }]}
        >
          <Select options={options(process.kinds)} />
        </Form.Item>
        <Form.Item
          name="properties"
          label={t('incident.properties')}
          rules={[{ required: true, message: t('incident.needed') }]}
        >
          <Checkbox.Group options={options(process.properties)} />
        </Form.Item>
        <Form.Item name="harms" label={t('incident.harms')}>
          <Checkbox.Group className="stacked" options={options(process.harms)} />
        </Form.Item>
        <Form.Item name="level" label={t('incident.level')} extra={t('incident.level_help')}>
          <Select allowClear options={levels.map((level) => ({ value: level, label: String(level) }))} />
        </Form.Item>
        <div className="stacked">
          {(['national', 'beyond', 'personal_data'] as const).map((flag) => (
            <Form.Item key={flag} name={flag} valuePropName="checked" noStyle>
              <Checkbox>{t(`incident_flag.${flag}`)}</Checkbox>
            </Form.Item>
          ))}
        </div>
        <Form.Item
          name="severity_override"
          label={t('incident.override')}
          extra={t('incident.override_help')}
        >
          <Select options={[{ value: '', label: t('incident.by_rule') }, ...options(process.severities)]} />
        </Form.Item>
        {override ? (
          <Form.Item
            name="override_reason"
            label={t('incident.reason')}
            rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
          >
            <Input.TextArea rows={2} maxLength={2000} />
          </Form.Item>
        ) : null}
      </Form>
    </Modal>
  );
}
