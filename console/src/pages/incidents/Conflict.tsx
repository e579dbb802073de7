// An information conflict by decree 142/2016: the seven stages in their order, what is known of the source, and when
// exclusion is allowed.
import { Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useConflict } from '~/api/incidents';
import type { IncidentConflict } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import type { CaseProps } from './Parts';
import { TimeLeft } from './TimeLeft';

export function Conflict({ process, incident }: CaseProps) {
  const { t, local } = useLanguage();
  const act = useConflict(incident.id);
  const { conflict } = incident;
  if (!conflict) {
    return (
      <Section title={t('conflict.title')}>
        {act.error ? <ErrorNote error={act.error} /> : null}
        <EmptyState
          why={t('conflict.none')}
          action={
            <MayButton
              action="incident_handle"
              loading={act.isPending}
              whyNot={incident.over ? t('incident.is_over') : null}
              onClick={() => act.mutate({ act: 'begin' })}
            >
              {t('conflict.begin')}
            </MayButton>
          }
        />
      </Section>
    );
  }
  return (
    <>
      {act.error ? <ErrorNote error={act.error} /> : null}
      <Stages process={process} incident={incident} conflict={conflict} />
      <Trace process={process} incident={incident} conflict={conflict} />
      <Section title={t('conflict.conditions')}>
        <div className="stacked">
          {process.conflict.exclusion_conditions.map((condition) => (
            <Checkbox
              key={condition.id}
              checked={conflict.conditions.includes(condition.id)}
              disabled={Boolean(conflict.closed_at) || act.isPending || !incident.may_handle}
              onChange={(event) =>
                act.mutate({ act: 'condition', condition: condition.id, holds: event.target.checked })
              }
            >
              {local(condition.title)}
            </Checkbox>
          ))}
        </div>
      </Section>
    </>
  );
}

type Props = CaseProps & { conflict: IncidentConflict };

function Stages({ process, incident, conflict }: Props) {
  const { t, local } = useLanguage();
  const act = useConflict(incident.id);
  const [asked, setAsked] = useState<string | null>(null);
  const present = conflict.stages.at(-1)?.id;
  const rules = process.conflict;
  return (
    <Section title={t('conflict.stages')} extra={<span className="muted">{local(rules.source)}</span>}>
      {act.error ? <ErrorNote error={act.error} /> : null}
      <ol className="stages">
        {rules.stages.map((stage) => {
          const entered = conflict.stages.filter((each) => each.id === stage.id).at(-1);
          const here = stage.id === present && !conflict.closed_at;
          return (
            <li
              key={stage.id}
              className={here ? 'stage stage-here' : 'stage'}
              {...(here ? { 'aria-current': 'step' as const } : {})}
            >
              <StateIcon state={here ? 'due' : entered ? 'kept' : 'unknown'} />
              <span>
                {local(stage.title)}
                {stage.limit ? (
                  <span className="muted"> {t('conflict.limit', { limit: local(stage.limit) })}</span>
                ) : null}
                {here && conflict.due ? (
                  <>
                    {' '}
                    <TimeLeft at={conflict.due} />
                  </>
                ) : null}
                {entered ? (
                  <span className="muted">
                    {' '}
                    <Time at={entered.entered} /> {entered.by}
                  </span>
                ) : null}
              </span>
            </li>
          );
        })}
      </ol>
      {conflict.closed_at ? (
        <p>
          {t('conflict.closed')} <Time at={conflict.closed_at} />
        </p>
      ) : (
        <div className="worklist-actions">
          {conflict.next ? (
            <MayButton action="incident_handle" type="primary" onClick={() => setAsked(conflict.next)}>
              {t('conflict.advance')}
            </MayButton>
          ) : null}
          <MayButton
            action="incident_handle"
            loading={act.isPending}
            onClick={() => act.mutate({ act: 'close' })}
          >
            {t('conflict.close')}
          </MayButton>
        </div>
      )}
      {asked ? (
        <Advance incident={incident} process={process} stage={asked} onClose={() => setAsked(null)} />
      ) : null}
    </Section>
  );
}

function Advance({ process, incident, stage, onClose }: CaseProps & { stage: string; onClose: () => void }) {
  const { t, local } = useLanguage();
  const act = useConflict(incident.id);
  const [form] = Form.useForm<{ reason: string }>();
  const found = process.conflict.stages.find((each) => each.id === stage);
  return (
    <Modal
      open
      title={found ? t('conflict.advance_to', { stage: local(found.title) }) : t('conflict.advance')}
      okText={t('conflict.advance')}
      cancelText={t('action.cancel')}
      confirmLoading={act.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {act.error ? <ErrorNote error={act.error} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={({ reason }) =>
          act.mutate(
            { act: 'advance', stage, reason: (reason ?? '').normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item name="reason" label={t('incident.reason')}>
          <Input.TextArea rows={3} maxLength={4000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Trace({ process, incident, conflict }: Props) {
  const { t, local } = useLanguage();
  const act = useConflict(incident.id);
  const [editing, setEditing] = useState(false);
  const [form] = Form.useForm<Record<string, string>>();
  return (
    <Section
      title={t('conflict.trace')}
      extra={
        <MayButton
          action="incident_handle"
          size="small"
          whyNot={conflict.closed_at ? t('conflict.is_closed') : null}
          onClick={() => setEditing(true)}
        >
          {t('conflict.edit_trace')}
        </MayButton>
      }
    >
      <dl className="facts facts-tight">
        {process.conflict.trace.map((each) => (
          <div key={each.id}>
            <dt>{local(each.title)}</dt>
            <dd className="pre-line wrap">{conflict.trace[each.id] || '–'}</dd>
          </div>
        ))}
      </dl>
      {editing ? (
        <Modal
          open
          title={t('conflict.trace')}
          okText={t('action.save')}
          cancelText={t('action.cancel')}
          confirmLoading={act.isPending}
          onCancel={() => setEditing(false)}
          onOk={() => form.submit()}
        >
          {act.error ? <ErrorNote error={act.error} /> : null}
          <Form
            form={form}
            layout="vertical"
            initialValues={conflict.trace}
            onFinish={(trace) =>
              act.mutate(
                {
                  act: 'trace',
                  trace: Object.fromEntries(Object.entries(trace).map(([id, text]) => [id, text ?? ''])),
                },
                { onSuccess: () => setEditing(false) },
              )
            }
          >
            {process.conflict.trace.map((each) => (
              <Form.Item key={each.id} name={each.id} label={local(each.title)}>
                <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} maxLength={16000} />
              </Form.Item>
            ))}
          </Form>
        </Modal>
      ) : null}
    </Section>
  );
}
