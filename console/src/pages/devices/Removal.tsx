// The code with which luy-agent is taken off a machine: shown once, for a day, asked for with a reason.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { useIssueRemovalCode, useRemovalCode } from '~/api/releases';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { FormModal } from '~/ui/FormModal';
import { formatDateTime } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';

export function Removal({ device }: { device: Device }) {
  const { t } = useLanguage();
  const query = useRemovalCode(device.id);
  const [asking, setAsking] = useState(false);
  return (
    <Section
      title={t('removal.title')}
      extra={
        <MayButton action="device_manage" onClick={() => setAsking(true)}>
          {t('removal.issue')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={1}>
        {({ newest }) => (
          <p className="muted">
            {newest ? (
              <>
                {t('removal.newest', { name: newest.issued_by })} <Time at={newest.issued_at} /> ·{' '}
                {newest.reason} ·{' '}
                {newest.used_at ? (
                  <>
                    {t('removal.used')} <Time at={newest.used_at} />
                  </>
                ) : (
                  <>
                    {t('removal.until')} <Time at={newest.ends_at} />
                  </>
                )}
              </>
            ) : (
              t('removal.none')
            )}
          </p>
        )}
      </Loaded>
      {asking ? <Issue device={device} onClose={() => setAsking(false)} /> : null}
    </Section>
  );
}

function Issue({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useLanguage();
  const issue = useIssueRemovalCode(device.id);
  const issued = issue.data;
  return (
    <FormModal<{ reason: string }>
      title={t('removal.issue_of', { name: device.name })}
      ok={t(issued ? 'action.close' : 'removal.issue')}
      will={issued ? undefined : t('removal.will')}
      error={issue.error}
      busy={issue.isPending}
      onFinish={({ reason }) => (issued ? onClose() : issue.mutate((reason ?? '').normalize('NFC').trim()))}
      onClose={onClose}
    >
      {issued ? (
        <div role="status">
          <p>{t('removal.shown_once', { at: formatDateTime(issued.ends_at) })}</p>
          <p>
            <code>{issued.code}</code> <Copy text={issued.code} />
          </p>
          <p>
            <code>{`sudo LUY_REMOVAL_CODE=${issued.code} apt remove luy-agent`}</code>
          </p>
        </div>
      ) : (
        <Form.Item
          name="reason"
          label={t('antivirus.reason')}
          rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
        >
          <Input.TextArea maxLength={1000} rows={2} />
        </Form.Item>
      )}
    </FormModal>
  );
}
