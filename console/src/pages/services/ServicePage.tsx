// One service: how it stands, its answer times against its own past, its content before and now, and what people say about
// changes.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import type { WatchedService } from '~/api/types';
import { useRemoveService, useService, useServiceHistory } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/DataTable';
import { formatDateTime, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Age, Time } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { RangeFilter, rangeParams, useSpan } from '../logs/RangeFilter';
import { Announce } from './Announce';
import { LatencyChart } from './Latency';
import { spellsOf } from './latency';
import { ServiceContentView } from './ServiceContentView';
import { ServiceForm } from './ServiceForm';
import { CertificateLeft } from './ServicesPage';
import { ServiceTag } from './ServiceTag';
import './services.css';

const fallback = '24h';
const spellsShown = 20;
type Opened = 'edit' | 'announce' | 'remove';

export default function ServicePage() {
  const { t } = useLanguage();
  const { service: id = '' } = useParams();
  const query = useService(id);
  const [opened, setOpened] = useState<Opened | null>(null);
  const service = query.data;
  const close = () => setOpened(null);
  return (
    <Page
      title={service?.name ?? t('services.one')}
      lead={service ? <ServiceTag state={service.state} enabled={service.enabled} /> : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/services">{t('nav.services')}</Link>
        </nav>
      }
      extra={
        service ? (
          <>
            <MayButton action="service_manage" onClick={() => setOpened('announce')}>
              {t('services.announce')}
            </MayButton>
            <MayButton action="service_manage" onClick={() => setOpened('edit')}>
              {t('services.edit')}
            </MayButton>
            <MayButton action="service_manage" onClick={() => setOpened('remove')}>
              {t('services.remove')}
            </MayButton>
          </>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(data) => (
          <>
            <Notes service={data} />
            <Facts service={data} />
            <History service={data} />
            {data.kind === 'http' ? <ServiceContentView service={data} /> : null}
            {opened === 'edit' ? <ServiceForm service={data} onClose={close} /> : null}
            {opened === 'announce' ? <Announce service={data} onClose={close} /> : null}
            {opened === 'remove' ? <Remove service={data} onClose={close} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Notes({ service }: { service: WatchedService }) {
  const { t, local } = useLanguage();
  const { failure, announced, certificate } = service;
  return (
    <div className="service-notes">
      {failure ? (
        <p className="will-happen">
          {local(failure)}
          {failure.detail ? <code> {failure.detail}</code> : null}
        </p>
      ) : null}
      {certificate?.problem ? (
        <p className="will-happen">{t('services.certificate_bad', { why: certificate.problem })}</p>
      ) : null}
      {announced ? (
        <p className="will-happen">
          {t('services.announced', {
            from: formatDateTime(announced.from),
            until: formatDateTime(announced.to),
            reason: announced.reason,
            by: announced.by,
          })}
        </p>
      ) : null}
      {service.learning ? <p className="muted">{t('services.learning')}</p> : null}
    </div>
  );
}

function Facts({ service }: { service: WatchedService }) {
  const { t, language } = useLanguage();
  const { name } = useNames();
  const number = (value: number) => formatNumber(value, language, 0);
  const { baseline, certificate } = service;
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('services.kind')}</dt>
        <dd>{t(`service_kind.${service.kind}`)}</dd>
      </div>
      <div>
        <dt>{t('services.target')}</dt>
        <dd>
          <code className="service-target">{service.target}</code>
        </dd>
      </div>
      <div>
        <dt>{t('services.agency')}</dt>
        <dd>{name(service.agency)}</dd>
      </div>
      <div>
        <dt>{t('services.since')}</dt>
        <dd>
          <Time at={service.since} />
        </dd>
      </div>
      <div>
        <dt>{t('services.last_probe')}</dt>
        <dd>
          <Age at={service.last_probe} />,{' '}
          {t('services.interval_of', { count: service.interval_s, number: number(service.interval_s) })}
        </dd>
      </div>
      <div>
        <dt>{t('services.latency')}</dt>
        <dd>
          {service.latency_ms === null
            ? '–'
            : t('services.milliseconds', { number: number(service.latency_ms) })}
        </dd>
      </div>
      <div>
        <dt>{t('services.baseline')}</dt>
        <dd>
          {baseline
            ? t('services.baseline_of', {
                median: number(baseline.median_ms),
                limit: number(baseline.limit_ms),
              })
            : t('services.baseline_none', { number: number(service.samples) })}
        </dd>
      </div>
      {certificate ? (
        <div>
          <dt>{t('services.certificate')}</dt>
          <dd>
            <CertificateLeft certificate={certificate} /> <span className="muted">{certificate.issuer}</span>
          </dd>
        </div>
      ) : null}
      {service.redirect_hosts.length > 0 ? (
        <div>
          <dt>{t('services.redirects')}</dt>
          <dd>
            <code>{service.redirect_hosts.join(' ')}</code>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function History({ service }: { service: WatchedService }) {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState(...rangeParams);
  const span = useSpan(params, fallback);
  const query = useServiceHistory(service.id, span);
  const spells = spellsOf(query.data ?? []).slice(0, spellsShown);
  return (
    <Section title={t('services.history')}>
      <div className="filters">
        <RangeFilter values={params} fallback={fallback} onChange={(next) => setParams(next, true)} />
      </div>
      <LatencyChart query={query} baseline={service.baseline} />
      {spells.length > 0 ? (
        <>
          <h3 className="service-sub">{t('services.changes_of_state')}</h3>
          <DataTable
            label={t('services.changes_of_state')}
            rows={spells}
            rowKey={(row) => row.from}
            columns={[
              {
                key: 'from',
                title: t('services.from'),
                width: 180,
                primary: true,
                render: (row) => <Time at={row.from} seconds />,
              },
              { key: 'state', title: t('services.state'), render: (row) => <ServiceTag state={row.state} /> },
              {
                key: 'worst',
                title: t('services.worst'),
                width: 150,
                align: 'right',
                render: (row) =>
                  row.worst === null
                    ? '–'
                    : t('services.milliseconds', { number: formatNumber(row.worst, language, 0) }),
              },
            ]}
          />
        </>
      ) : null}
    </Section>
  );
}

function Remove({ service, onClose }: { service: WatchedService; onClose: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const remove = useRemoveService(service.id);
  return (
    <Modal
      open
      title={t('services.remove')}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            type="primary"
            danger
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined, { onSuccess: () => navigate('/services') })}
          >
            {t('services.remove')}
          </Button>
        </>
      }
    >
      {remove.error ? <ErrorNote error={remove.error} /> : null}
      <p className="will-happen">{t('services.remove_ask', { name: service.name })}</p>
    </Modal>
  );
}
