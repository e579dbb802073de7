// What is on the agencies' networks beside the machines with an agent, their address plans and links.
import { Link } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Lines, Plan } from './Lines';
import { Strangers } from './Strangers';

const tabs = { strangers: Strangers, plan: Plan, lines: Lines };
type Tab = keyof typeof tabs;
const label = { strangers: 'stranger.title', plan: 'net_plan.title', lines: 'line.title' } as const;

export default function NetworkPage() {
  const { t } = useLanguage();
  const [params] = useParamsState('tab');
  const tab: Tab = params.tab && params.tab in tabs ? (params.tab as Tab) : 'strangers';
  const Shown = tabs[tab];
  return (
    <Page title={t('nav.network')}>
      <nav className="page-tabs" aria-label={t('stranger.parts')}>
        {(Object.keys(tabs) as Tab[]).map((name) => (
          <Link
            key={name}
            to={`/network${name === 'strangers' ? '' : `?tab=${name}`}`}
            preventScrollReset
            aria-current={name === tab ? 'page' : undefined}
          >
            {t(label[name])}
          </Link>
        ))}
      </nav>
      <Shown />
    </Page>
  );
}
