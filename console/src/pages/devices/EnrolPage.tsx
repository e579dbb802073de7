// A one-time token and the command that makes a machine a device.
import { Alert, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useIssueToken } from '~/api/changes';
import { useAgencies } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Page, Section } from '~/ui/Page';
import { Remaining, Time } from '~/ui/Time';
import './devices.css';

export default function EnrolPage() {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const issue = useIssueToken();
  const [chosen, setChosen] = useState<string>();
  const agency = chosen ?? (agencies.data?.length === 1 ? agencies.data[0]?.id : undefined);
  const token = issue.data;
  return (
    <Page
      title={t('devices.enrol')}
      lead={t('enrol.lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/devices">{t('nav.devices')}</Link>
        </nav>
      }
    >
      <Section title={t('enrol.choose')}>
        <div className="filters">
          <Select
            aria-label={t('filter.agency')}
            className="filter-agency"
            placeholder={t('enrol.choose_agency')}
            value={agency ?? null}
            onChange={(next) => setChosen(next ?? undefined)}
            options={agencies.data?.map((each) => ({ value: each.id, label: each.name }))}
          />
          <MayButton
            action="device_enrol"
            type="primary"
            disabled={!agency}
            loading={issue.isPending}
            onClick={() => agency && issue.mutate(agency)}
          >
            {t('enrol.issue')}
          </MayButton>
        </div>
        {issue.error ? <ErrorNote error={issue.error} /> : null}
      </Section>
      {token ? (
        <Section title={t('enrol.run')}>
          <p>{t('enrol.run_help')}</p>
          <div className="command">
            <pre className="raw">{token.command}</pre>
            <Copy text={token.command} label={t('enrol.copy')} />
          </div>
          <dl className="facts">
            <dt>{t('enrol.expires')}</dt>
            <dd>
              <Time at={token.expires_at} /> (<Remaining at={token.expires_at} />)
            </dd>
            <dt>{t('enrol.fingerprint')}</dt>
            <dd>
              <code className="wrap">{token.fingerprint}</code>
            </dd>
            <dt>{t('enrol.hub')}</dt>
            <dd>
              <code>{token.hub_url}</code>
            </dd>
          </dl>
          <Alert type="info" showIcon title={t('enrol.after')} />
        </Section>
      ) : null}
    </Page>
  );
}
