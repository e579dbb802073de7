// What is on the agencies' networks beside the machines with an agent, their address plans and links.
import { Tabs } from 'antd';
import { useLanguage } from '~/i18n';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Lines, Plan } from './Lines';
import { Strangers } from './Strangers';

const tabs = { strangers: Strangers, plan: Plan, lines: Lines };
type Tab = keyof typeof tabs;

export default function NetworkPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('tab');
  const tab: Tab = params.tab && params.tab in tabs ? (params.tab as Tab) : 'strangers';
  const Shown = tabs[tab];
  return (
    <Page title={t('nav.network')}>
      <Tabs
        activeKey={tab}
        onChange={(next) => setParams({ tab: next === 'strangers' ? undefined : next })}
        items={[
          { key: 'strangers', label: t('stranger.title') },
          { key: 'plan', label: t('net_plan.title') },
          { key: 'lines', label: t('line.title') },
        ]}
      />
      <Shown />
    </Page>
  );
}
