// A hunt: saved rules over kept records, whose hits become findings.
import { Modal } from 'antd';
import { useNavigate } from 'react-router-dom';
import { useStartRun } from '~/api/runs';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { useRunScope } from './RunForm';

export function Hunt({
  rules,
  saved = false,
  onClose,
}: {
  rules: string[];
  saved?: boolean; // They were saved just now: say so, and ask.
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const start = useStartRun();
  const { scope, controls } = useRunScope();
  return (
    <Modal
      open
      width={720}
      title={t('runs.hunt')}
      okText={t('runs.start_hunt')}
      cancelText={t(saved ? 'action.close' : 'action.cancel')}
      confirmLoading={start.isPending}
      onCancel={onClose}
      onOk={() =>
        start.mutate(
          { ...scope(), rules, keep: true },
          { onSuccess: (run) => navigate(`/rules/runs/${run.id}`) },
        )
      }
    >
      {start.error ? <ErrorNote error={start.error} /> : null}
      {saved ? <p className="will-happen">{t('runs.saved_ask')}</p> : null}
      <p>{t('runs.hunt_lead')}</p>
      <div className="filters">{controls}</div>
    </Modal>
  );
}
