// What became of an act: done, or waiting for a second person, and where that stands.
import { Alert } from 'antd';
import { Link } from 'react-router-dom';
import type { Proposed } from '~/api/types';
import { useLanguage } from '~/i18n';

export function ProposedNote({ proposed, done }: { proposed: Pick<Proposed, 'done' | 'act'>; done: string }) {
  const { t } = useLanguage();
  if (proposed.done) return <Alert type="success" showIcon title={done} role="status" />;
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      title={t('waiting.waits')}
      description={proposed.act ? <Link to={`/acts?open=${proposed.act}`}>{t('waiting.see')}</Link> : null}
    />
  );
}
