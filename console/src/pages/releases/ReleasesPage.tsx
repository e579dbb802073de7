// Which version of luy-agent machines run, and how a new one goes out: signed, agreed by two, to a few machines first.
import { Link } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Machines } from './Machines';
import { Releases } from './Releases';

const tabs = { releases: Releases, machines: Machines } as const;
type Tab = keyof typeof tabs;

export default function ReleasesPage() {
  const { t } = useLanguage();
  const [{ tab }] = useParamsState('tab');
  const active: Tab = tab && tab in tabs ? (tab as Tab) : 'releases';
  const Shown = tabs[active];
  return (
    <Page title={t('nav.releases')} lead={t('release.lead')}>
      <nav className="page-tabs" aria-label={t('release.parts')}>
        {(Object.keys(tabs) as Tab[]).map((name) => (
          <Link
            key={name}
            to={`/releases${name === 'releases' ? '' : `?tab=${name}`}`}
            preventScrollReset
            aria-current={name === active ? 'page' : undefined}
          >
            {t(`release.tab_${name}`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </Page>
  );
}
