import { Drawer } from 'antd';
import { Link } from 'react-router-dom';
import { useRegulation, useVerdict } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Loaded } from '~/ui/Page';
import { verdictPath } from './path';
import { VerdictDetailView } from './VerdictDetailView';
import './verdict.css';

export function VerdictDrawer({
  obligation,
  subject,
  onClose,
}: {
  obligation: string;
  subject: string;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const query = useVerdict(obligation, subject);
  const known = useRegulation().data?.obligations.find((each) => each.id === obligation);
  return (
    <Drawer
      open
      onClose={onClose}
      size={640}
      title={known ? local(known.title) : t('verdicts.one')}
      extra={query.data ? <Link to={verdictPath(query.data.verdict)}>{t('verdicts.own_page')}</Link> : null}
      className="verdict-drawer"
    >
      <Loaded query={query} rows={8}>
        {(detail) => <VerdictDetailView detail={detail} />}
      </Loaded>
    </Drawer>
  );
}
