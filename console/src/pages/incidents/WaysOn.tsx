// How the case can go on from here, and what each way still asks for. No way is hidden: one that cannot be taken says why.
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useIncidents, useMove } from '~/api/incidents';
import type { IncidentDetail, IncidentWayOn } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { MomentPicker } from '~/ui/MomentPicker';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { Missing } from './Demands';
import type { CaseProps } from './Parts';
import { useRoleNames } from './useRoleNames';

export function WaysOn({ process, incident }: CaseProps) {
  const { t, local } = useLanguage();
  const [chosen, setChosen] = useState<IncidentWayOn | null>(null);
  const roles = useRoleNames();
  const proposed = incident.ways_on.some((way) => way.event === incident.ownership.event)
    ? incident.ownership.event
    : null;
  const asksOwner = incident.step === 1;
  // What is most often done; joining another case never is.
  const usual = (way: IncidentWayOn) =>
    way.event === proposed ||
    (way.missing.length === 0 && !asksOwner && way.fields.every((field) => field.type !== 'case'));
  return (
    <Section title={t('incident.ways_on')}>
      {asksOwner ? (
        <div className="will-happen">
          <strong>{t(`manager.${incident.ownership.manager}`)}</strong> {local(incident.ownership.why)}
        </div>
      ) : null}
      {incident.ways_on.length === 0 ? <EmptyState why={t('incident.no_ways')} /> : null}
      <ul className="ways">
        {incident.ways_on.map((way) => (
          <li key={way.event} data-event={way.event}>
            <div className="way-head">
              <MayButton
                action="incident_handle"
                type={usual(way) ? 'primary' : 'default'}
                whyNot={
                  !way.allowed
                    ? t('incident.wrong_role', { roles: roles(way.roles) })
                    : way.missing.length > 0
                      ? t('incident.missing_first', { what: way.missing.map(local).join('; ') })
                      : null
                }
                onClick={() => setChosen(way)}
              >
                {local(way.title)}
              </MayButton>
              {way.event === proposed ? <span className="muted">{t('incident.proposed')}</span> : null}
            </div>
            <Missing process={process} incident={incident} way={way} />
          </li>
        ))}
      </ul>
      {chosen ? <MoveDialog incident={incident} way={chosen} onClose={() => setChosen(null)} /> : null}
    </Section>
  );
}

function MoveDialog({
  incident,
  way,
  onClose,
}: {
  incident: IncidentDetail;
  way: IncidentWayOn;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const move = useMove(incident.id);
  const [form] = Form.useForm<Record<string, string>>();
  const asksCase = way.fields.some((field) => field.type === 'case');
  const others = useIncidents({ open: 'true', agency: incident.agency.id }, asksCase);
  const cases = (others.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (each) => each.id !== incident.id && each.agency.id === incident.agency.id,
  );
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <Modal
      open
      title={local(way.title)}
      okText={t('incident.move')}
      cancelText={t('action.cancel')}
      confirmLoading={move.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('reason')?.focus()}
    >
      {move.error ? <ErrorNote error={move.error} /> : null}
      <p>{t('incident.move_will')}</p>
      <Form<Record<string, string>>
        form={form}
        layout="vertical"
        onFinish={({ reason, ...fields }) =>
          move.mutate(
            {
              event: way.event,
              ...(reason?.trim() ? { reason: reason.normalize('NFC').trim() } : {}),
              ...(way.fields.length > 0 ? { fields } : {}),
            },
            { onSuccess: onClose },
          )
        }
      >
        {way.fields.map((field) => (
          <Form.Item key={field.id} name={field.id} label={local(field.label)} rules={needed}>
            {field.type === 'time' ? (
              <MomentPicker />
            ) : field.type === 'case' ? (
              <Select
                options={cases.map((each) => ({ value: each.id, label: `${each.number} · ${each.title}` }))}
                notFoundContent={t('incident.no_second')}
              />
            ) : (
              <Input maxLength={2000} />
            )}
          </Form.Item>
        ))}
        {way.reason ? (
          <Form.Item name="reason" label={t('incident.reason')} rules={needed}>
            <Input.TextArea rows={3} maxLength={4000} />
          </Form.Item>
        ) : null}
      </Form>
    </Modal>
  );
}
