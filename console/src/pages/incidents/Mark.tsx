// Saying that somebody was told by another way than a paper; offered where a clock still waits for it though a report went out.
import { Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useIncident, useMark } from '~/api/incidents';
import type { IncidentDetail, Paper } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote } from '~/ui/Page';
import { type MarkedMoment, markedMoments, waitsForMark } from './clockOrder';

interface Marked {
  moment: MarkedMoment;
  at: string;
  how: string;
}

export function MarkDialog({
  incident,
  begin,
  onClose,
}: {
  incident: IncidentDetail;
  begin?: Partial<Marked>;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const mark = useMark(incident.id);
  const [form] = Form.useForm<Marked>();
  return (
    <Modal
      open
      title={t('incident.mark')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={mark.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {mark.error ? <ErrorNote error={mark.error} /> : null}
      <p>{t('incident.mark_help', { authority: local(incident.authority) })}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ moment: 'notified', at: new Date().toISOString(), how: '', ...begin }}
        onFinish={(values) => mark.mutate(values, { onSuccess: onClose })}
      >
        <Form.Item name="moment" label={t('incident.marked')}>
          <Radio.Group
            className="stacked"
            options={markedMoments.map((moment) => ({ value: moment, label: t(`moment.${moment}`) }))}
          />
        </Form.Item>
        <Form.Item name="at" label={t('incident.when')}>
          <MomentPicker allowClear={false} />
        </Form.Item>
        <Form.Item
          name="how"
          label={t('incident.how')}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          <Input maxLength={400} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

// A clock that stops when somebody is told: a report that was sent does not stop it by itself, since it may have gone to
// another receiver than the law means; whoever knows says so here.
export function OfferMark({ incident, moment }: { incident: IncidentDetail; moment: MarkedMoment }) {
  const { t, local } = useLanguage();
  const [marking, setMarking] = useState(false);
  const sent = lastSent(incident.papers);
  return (
    <div className="offer-mark">
      {sent ? (
        <p>{t('incident.mark_offer', { paper: local(sent.paper.title), to: sent.delivery.to })}</p>
      ) : null}
      <MayButton action="incident_handle" size="small" onClick={() => setMarking(true)}>
        {t('incident.mark')}
      </MayButton>
      {marking ? (
        <MarkDialog
          incident={incident}
          begin={{
            moment,
            ...(sent ? { at: sent.delivery.at, how: `${sent.delivery.to}, ${sent.delivery.channel}` } : {}),
          }}
          onClose={() => setMarking(false)}
        />
      ) : null}
    </div>
  );
}

// After a report of the case was sent: what still waits to be told.
export function AlsoMark({ incident: id }: { incident: string }) {
  const { local } = useLanguage();
  const { data: incident } = useIncident(id);
  const waiting = incident?.clocks.find((clock) => waitsForMark(clock));
  const moment = waiting ? waitsForMark(waiting) : null;
  if (!incident || !waiting || !moment || !lastSent(incident.papers)) return null;
  return (
    <div className="will-happen" role="status" data-waits={waiting.id}>
      <strong>{local(waiting.title)}</strong>
      <OfferMark incident={incident} moment={moment} />
    </div>
  );
}

// The newest sending of a report: papers that mark a moment of the case.
function lastSent(papers: readonly Paper[]) {
  const all = papers
    .filter((paper) => paper.moment !== null && paper.moment !== 'evidence_handed')
    .flatMap((paper) => paper.deliveries.map((delivery) => ({ paper, delivery })));
  return all.sort((a, b) => b.delivery.at.localeCompare(a.delivery.at))[0];
}
