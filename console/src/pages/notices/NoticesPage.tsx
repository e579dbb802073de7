// What leaves the hub: the mail server and official domains, webhooks, and what became of every mail and call.
import { Tabs } from 'antd';
import { useNoticeStanding } from '~/api/notices';
import { useLanguage } from '~/i18n';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Outbox } from './Outbox';
import { Settings } from './Settings';
import { Webhooks } from './Webhooks';
import './notices.css';

const tabs = ['settings', 'webhooks', 'sent'] as const;

export default function NoticesPage() {
  const { t } = useLanguage();
  const [{ tab }, setParams] = useParamsState('tab');
  const standing = useNoticeStanding();
  const shown = tabs.find((each) => each === tab) ?? 'settings';
  const content = { settings: <Settings />, webhooks: <Webhooks />, sent: <Outbox /> };
  return (
    <Page title={t('nav.notices')} lead={t('notice.lead')} updatedAt={standing.dataUpdatedAt}>
      <Tabs
        activeKey={shown}
        destroyOnHidden
        onChange={(key) =>
          setParams({ tab: key === 'settings' ? undefined : key, state: undefined, webhook: undefined }, true)
        }
        items={tabs.map((key) => ({ key, label: t(`notice.tab_${key}`), children: content[key] }))}
      />
    </Page>
  );
}
