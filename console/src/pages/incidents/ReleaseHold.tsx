// Ending a legal hold: logs may be deleted then, so a second person has to agree.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useHolds, useReleaseHold } from '~/api/incidents';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { MayButton } from '~/ui/MayButton';
import { written } from '~/ui/text';

export function ReleaseHold({ incident, part }: { incident: string; part: string }) {
  const { t } = useLanguage();
  const waits = useHolds().data?.find((each) => each.part === part)?.release;
  const [asking, setAsking] = useState(false);
  return (
    <>
      {waits && !asking ? (
        <Link to={`/acts?open=${waits}`}>{t('holds.release_waits')}</Link>
      ) : (
        <MayButton action="hold_release" size="small" onClick={() => setAsking(true)}>
          {t('part_change.hold')}
        </MayButton>
      )}
      {asking ? <Dialog incident={incident} part={part} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

function Dialog({ incident, part, onClose }: { incident: string; part: string; onClose: () => void }) {
  const { t } = useLanguage();
  const release = useReleaseHold(incident);
  return (
    <FormModal<{ reason: string }>
      title={t('part_change.hold')}
      ok={t('part_change.hold')}
      will={t('holds.release_will')}
      danger
      error={release.error}
      busy={release.isPending}
      proposed={release.data}
      onFinish={({ reason }) =>
        release.mutate(
          { part, reason: written(reason) },
          { onSuccess: (made) => (made.done ? onClose() : undefined) },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('holds.release_reason')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
