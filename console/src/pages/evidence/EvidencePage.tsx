// How the evidence is kept (articles 5, 9.1): which days are whole, for how long, on which media, what was erased, how full
// the disk is. Each part is an address.
import { Link } from 'react-router-dom';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Coverage } from './Coverage';
import { Days } from './Days';
import { Disk } from './Disk';
import { Erasures } from './Erasures';
import { Media } from './Media';
import { Terms } from './Terms';
import './evidence.css';

export const parts = ['coverage', 'days', 'media', 'terms', 'erasures', 'disk'] as const;

export default function EvidencePage() {
  const { t } = useLanguage();
  const [params] = useParamsState('tab');
  const part = parts.find((each) => each === params.tab) ?? 'coverage';
  const mayHolds = useMay('incident_read');
  const content = {
    coverage: <Coverage />,
    days: <Days />,
    media: <Media />,
    terms: <Terms />,
    erasures: <Erasures />,
    disk: <Disk />,
  };
  return (
    <Page
      title={t('nav.evidence')}
      lead={t(`kept_lead.${part}`)}
      extra={mayHolds ? <Link to="/holds">{t('nav.holds')}</Link> : undefined}
    >
      <nav className="page-tabs" aria-label={t('kept.parts')}>
        {parts.map((each) => (
          <Link
            key={each}
            to={each === 'coverage' ? '/evidence' : `/evidence?tab=${each}`}
            aria-current={each === part ? 'page' : undefined}
          >
            {t(`kept_part.${each}`)}
          </Link>
        ))}
      </nav>
      {content[part]}
    </Page>
  );
}
