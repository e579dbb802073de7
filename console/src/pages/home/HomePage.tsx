// The first page, by role: a leader's, an officer's, everybody's. Whoever holds several roles moves between them.
import { Suspense } from 'react';
import { Link } from 'react-router-dom';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { lazyPage } from '~/i18n/parts';
import { Loading } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { CalendarNotice } from './CalendarNotice';
import { type Home, homesOf } from './homes';
import './home.css';

const pages = {
  leader: lazyPage(() => import('./LeaderHome')),
  officer: lazyPage(() => import('./OfficerHome')),
  staff: lazyPage(() => import('./StaffHome')),
  provider: lazyPage(() => import('./ProviderHome')),
};

export default function HomePage() {
  const session = useSession();
  const [params] = useParamsState('home');
  const homes = homesOf(session.data);
  const home = homes.find((each) => each === params.home) ?? homes[0] ?? 'staff';
  const Chosen = pages[home];
  return (
    <Suspense fallback={<Loading rows={8} />}>
      {home === 'staff' || home === 'provider' ? null : <CalendarNotice />}
      <Chosen others={<Homes homes={homes} home={home} />} />
    </Suspense>
  );
}

function Homes({ homes, home }: { homes: Home[]; home: Home }) {
  const { t } = useLanguage();
  if (homes.length < 2) return null;
  return (
    <nav className="homes" aria-label={t('home.which')}>
      {homes.map((each) => (
        <Link key={each} to={`/?home=${each}`} aria-current={each === home ? 'page' : undefined}>
          {t(`home.of_${each}`)}
        </Link>
      ))}
    </nav>
  );
}
