// Who committed themselves, who has not yet, who answers for information security and how they were trained (articles 11.5,
// 11.8). Each part is an address.
import { Link } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Appointments } from './Appointments';
import { tabs } from './commitment';
import { Missing, Signed } from './Signed';
import { Texts } from './Texts';
import { Trainings } from './Trainings';

export default function CommitmentsPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('tab', 'agency');
  const tab = tabs.find((each) => each === params.tab) ?? 'commitments';
  const agency = params.agency;
  return (
    <Page title={t('nav.commitments')} lead={t('commitment.lead')}>
      <nav className="page-tabs" aria-label={t('commitment.parts')}>
        {tabs.map((each) => (
          <Link
            key={each}
            to={`/commitments?tab=${each}${agency ? `&agency=${agency}` : ''}`}
            aria-current={each === tab ? 'page' : undefined}
          >
            {t(`commitment_tab.${each}`)}
          </Link>
        ))}
      </nav>
      {tab === 'texts' ? null : (
        <div className="filters">
          <AgencyFilter value={agency} onChange={(next) => setParams({ agency: next })} />
        </div>
      )}
      {tab === 'commitments' ? <Signed agency={agency} /> : null}
      {tab === 'missing' ? <Missing agency={agency} /> : null}
      {tab === 'appointments' ? <Appointments agency={agency} /> : null}
      {tab === 'trainings' ? <Trainings agency={agency} /> : null}
      {tab === 'texts' ? <Texts /> : null}
    </Page>
  );
}
