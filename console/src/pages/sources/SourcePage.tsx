// One sign-in source: how it is set, whether it works (a trial, step by step), and what its people would become here.
import { type ReactNode, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { type Source, useRemoveSource, useSources, useTrySource } from '~/api/sources';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { TrialSteps } from '~/ui/TrialSteps';
import { ReturnAddress, SourceForm } from './SourceForm';
import { SourceState } from './SourcesPage';
import { SyncSection } from './SyncSection';
import '../agencies/agencies.css';
import './sources.css';

export default function SourcePage() {
  const { t } = useLanguage();
  const { source: id = '' } = useParams();
  const query = useSources();
  const source = query.data?.find((each) => each.id === id);
  const [doing, setDoing] = useState<'change' | 'remove' | null>(null);
  const close = () => setDoing(null);
  return (
    <Page
      title={source?.name ?? t('nav.sources')}
      lead={source ? t(`source_kind.${source.kind}`) : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/sources">{t('nav.sources')}</Link>
        </nav>
      }
      extra={
        source ? (
          <>
            <MayButton action="source_manage" danger onClick={() => setDoing('remove')}>
              {t('source.remove')}
            </MayButton>
            <MayButton action="source_manage" onClick={() => setDoing('change')}>
              {t('source.change')}
            </MayButton>
          </>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {() =>
          source ? (
            <>
              <Facts source={source} />
              <TrialSection source={source} />
              {source.kind === 'ldap' ? <SyncSection source={source} /> : null}
            </>
          ) : (
            <EmptyState why={t('source.unknown')} action={<Link to="/sources">{t('nav.sources')}</Link>} />
          )
        }
      </Loaded>
      {source && doing === 'change' ? (
        <SourceForm kind={source.kind} source={source} onClose={close} />
      ) : null}
      {source && doing === 'remove' ? <Remove source={source} onClose={close} /> : null}
    </Page>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ source }: { source: Source }) {
  const { t } = useLanguage();
  const { ldap, oidc } = source;
  return (
    <>
      <dl className="facts facts-row">
        <Fact title={t('people.state')}>
          <SourceState source={source} />
        </Fact>
        <Fact title={t('source.agency')}>{source.agency.name}</Fact>
        {ldap ? (
          <>
            <Fact title={t('source.urls')}>
              {ldap.urls.map((each) => (
                <code key={each} className="source-line">
                  {each}
                </code>
              ))}
            </Fact>
            <Fact title={t('source.base')}>
              <code>{ldap.base}</code>
            </Fact>
            <Fact title={t('source.filter')}>
              <code>{ldap.filter}</code>
            </Fact>
            <Fact title={t('source.bind_dn')}>
              <code>{ldap.bind_dn}</code>
            </Fact>
            <Fact title={t('source.last_sync')}>
              {source.last_sync ? <Time at={source.last_sync} /> : t('time.never')}
            </Fact>
          </>
        ) : null}
        {oidc ? (
          <>
            <Fact title={t('source.issuer')}>
              <code>{oidc.issuer}</code>
            </Fact>
            <Fact title={t('source.client_id')}>
              <code>{oidc.client_id}</code>
            </Fact>
            <Fact title={t('source.second_factor')}>{oidc.second_factor ? t('yes') : t('no')}</Fact>
          </>
        ) : null}
      </dl>
      {oidc ? <ReturnAddress source={source} /> : null}
    </>
  );
}

function TrialSection({ source }: { source: Source }) {
  const { t } = useLanguage();
  const run = useTrySource(source.id);
  return (
    <Section
      title={t('source.test')}
      extra={
        <MayButton action="source_manage" loading={run.isPending} onClick={() => run.mutate()}>
          {t('source.test_now')}
        </MayButton>
      }
    >
      {run.error ? <ErrorNote error={run.error} /> : null}
      {run.data ? (
        <TrialSteps ok={run.data.ok} steps={run.data.steps} />
      ) : (
        <p className="muted">{t('source.test_help')}</p>
      )}
    </Section>
  );
}

function Remove({ source, onClose }: { source: Source; onClose: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const remove = useRemoveSource(source.id);
  return (
    <FormModal
      title={`${t('source.remove')}: ${source.name}`}
      ok={t('source.remove')}
      danger
      will={t('source.remove_will')}
      error={remove.error}
      busy={remove.isPending}
      proposed={remove.data}
      onFinish={() =>
        remove.mutate(undefined, { onSuccess: (made) => (made.done ? navigate('/sources') : undefined) })
      }
      onClose={onClose}
    />
  );
}
