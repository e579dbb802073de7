// Articles 5.3 and 5.4: what machines know malware by, and how they scan themselves each week.
import { Link } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Fleet } from './Fleet';
import { ScanSettings } from './ScanSettings';
import { Sets } from './Sets';

const tabs = { fleet: Fleet, sets: Sets, settings: ScanSettings } as const;
type Tab = keyof typeof tabs;

export default function AntivirusPage() {
  const { t } = useLanguage();
  const [{ tab }] = useParamsState('tab');
  const active: Tab = tab && tab in tabs ? (tab as Tab) : 'fleet';
  const Shown = tabs[active];
  return (
    <Page title={t('nav.antivirus')} lead={t('antivirus.lead')}>
      <nav className="page-tabs" aria-label={t('antivirus.parts')}>
        {(Object.keys(tabs) as Tab[]).map((name) => (
          <Link
            key={name}
            to={`/antivirus${name === 'fleet' ? '' : `?tab=${name}`}`}
            preventScrollReset
            aria-current={name === active ? 'page' : undefined}
          >
            {t(`antivirus.tab_${name}`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </Page>
  );
}
