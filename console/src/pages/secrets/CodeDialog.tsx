// The code for one look at a machine that is on no network.
import { Button, Modal } from 'antd';
import { type SecretDetail, useIssueCode } from '~/api/secrets';
import { useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { PrintSheet } from '~/ui/PrintSheet';

// Told once, for the paper that is taken to the machine.
export function CodeDialog({ detail, onClose }: { detail: SecretDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const issue = useIssueCode(detail.device.id);
  const made = issue.data;
  return (
    <Modal
      open
      title={t('secret.code_title', { label: detail.device.label })}
      onCancel={onClose}
      footer={
        made
          ? [
              <Button key="print" onClick={() => window.print()}>
                {t('secret.code_print')}
              </Button>,
              <Button key="close" type="primary" onClick={onClose}>
                {t('action.close')}
              </Button>,
            ]
          : [
              <Button key="cancel" onClick={onClose}>
                {t('action.cancel')}
              </Button>,
              <Button key="ok" type="primary" loading={issue.isPending} onClick={() => issue.mutate()}>
                {t('secret.code')}
              </Button>,
            ]
      }
    >
      {issue.error ? <ErrorNote error={issue.error} /> : null}
      <p className="will-happen">{t('secret.code_will')}</p>
      {made ? (
        <>
          <p>
            <code className="secret-code">{made.code}</code>
          </p>
          <p className="muted">{t('secret.code_until', { day: formatDate(made.valid_until) })}</p>
          <PrintSheet title={t('secret.code_title', { label: detail.device.label })}>
            <code>{made.code}</code>
            <p>{t('secret.code_until', { day: formatDate(made.valid_until) })}</p>
            <ol>
              <li>{t('secret.code_step_run')}</li>
              <li>
                <code>luy-agent collect --offline --code {made.code}</code>
              </li>
              <li>{t('secret.code_step_back')}</li>
            </ol>
          </PrintSheet>
        </>
      ) : null}
    </Modal>
  );
}
