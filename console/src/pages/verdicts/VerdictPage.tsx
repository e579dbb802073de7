import { Link, useParams } from 'react-router-dom';
import { useRegulation, useVerdict } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Loaded, Page } from '~/ui/Page';
import { VerdictDetailView } from './VerdictDetailView';
import './verdict.css';

export default function VerdictPage() {
  const { t, local } = useLanguage();
  const { obligation = '', subject = '' } = useParams();
  const query = useVerdict(obligation, subject);
  const regulation = useRegulation();
  const known = regulation.data?.obligations.find((each) => each.id === obligation);
  const of = query.data?.verdict.subject;
  const subjectName = of ? `${t(`subject.${of.kind}`)} ${of.name}` : undefined;
  return (
    <Page
      title={known ? local(known.title) : t('verdicts.one')}
      lead={subjectName}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/obligations">{t('nav.obligations')}</Link>
          <Link to={`/obligations/${obligation}`}>{known ? local(known.reference) : obligation}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(detail) => <VerdictDetailView detail={detail} />}
      </Loaded>
    </Page>
  );
}
