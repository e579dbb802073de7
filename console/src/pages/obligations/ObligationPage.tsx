// One duty: what the article asks, of whom, how often, measured by what; and every subject's verdict.
import { Select, Tag } from 'antd';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useAgencies, useOverview, useRegulation, useVerdicts } from '~/api/queries';
import type { Obligation, Pack } from '~/api/types';
import { useLanguage } from '~/i18n';
import { localNumber } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateFilter } from '~/ui/StateFilter';
import { addCounts, noCounts } from '~/ui/state';
import { useChapterName } from '~/ui/useChapterName';
import { VerdictTable } from '../verdicts/VerdictTable';
import { Spine } from './Spine';
import './obligations.css';

export default function ObligationPage() {
  const { t, local } = useLanguage();
  const { obligation: id = '' } = useParams();
  const regulation = useRegulation();
  const chapterName = useChapterName(regulation.data?.chapters);
  const obligation = regulation.data?.obligations.find((each) => each.id === id);
  const article = regulation.data?.articles.find((each) => each.number === obligation?.article);
  return (
    <Page
      title={obligation ? local(obligation.title) : id}
      lead={obligation ? local(obligation.reference) : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/obligations">{t('nav.obligations')}</Link>
          {article ? (
            <span title={chapterName(article.chapter)}>{t('chapter.bare', { number: article.chapter })}</span>
          ) : null}
          {article ? (
            <Link to={`/verdicts?article=${article.number}`} title={local(article.title)}>
              {local(article.label)}
            </Link>
          ) : null}
        </nav>
      }
    >
      <Loaded query={regulation} rows={10}>
        {(pack) => (
          <div className="with-spine">
            <Spine pack={pack} current={id} />
            <div>
              {obligation ? (
                <>
                  <About obligation={obligation} pack={pack} />
                  <Verdicts obligation={obligation} />
                </>
              ) : (
                <EmptyState
                  why={t('obligation.unknown', { id })}
                  action={<Link to="/obligations">{t('nav.obligations')}</Link>}
                />
              )}
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function About({ obligation, pack }: { obligation: Obligation; pack: Pack }) {
  const { t, local, language } = useLanguage();
  return (
    <Section title={t('obligation.asks')}>
      <p className="requirement">{local(obligation.requirement)}</p>
      <dl className="facts">
        <dt>{t('obligation.holder')}</dt>
        <dd>{t(`holder.${obligation.holder}` as 'holder.staff', { defaultValue: obligation.holder })}</dd>
        <dt>{t('obligation.subject')}</dt>
        <dd>
          {t(`subject.${obligation.subject}` as 'subject.device', { defaultValue: obligation.subject })}
        </dd>
        <dt>{t('obligation.cadence')}</dt>
        <dd>
          {t(`cadence.${obligation.cadence}` as 'cadence.weekly', { defaultValue: obligation.cadence })}
        </dd>
        <dt>{t('obligation.evidence')}</dt>
        <dd>
          {obligation.evidence.map((kind) => (
            <Tag key={kind} title={t(`evidence_help.${kind}`)}>
              {t(`evidence_kind.${kind}`)}
            </Tag>
          ))}
        </dd>
        <dt>{t('obligation.violated_when')}</dt>
        <dd>{local(obligation.violated_when)}</dd>
        {obligation.sources.length > 0 ? (
          <>
            <dt>{t('obligation.sources')}</dt>
            <dd>{obligation.sources.map(local).join('; ')}</dd>
          </>
        ) : null}
      </dl>
      {obligation.parameters.length > 0 ? (
        <div className="table-frame">
          <table className="table table-small" aria-label={t('obligation.parameters')}>
            <thead>
              <tr>
                <th scope="col">{t('obligation.parameter')}</th>
                <th scope="col" className="align-right">
                  {t('obligation.value')}
                </th>
                <th scope="col">{t('obligation.parameter_source')}</th>
              </tr>
            </thead>
            <tbody>
              {obligation.parameters.map((parameter) => (
                <tr key={parameter.name}>
                  <th scope="row">{local(parameter.title)}</th>
                  <td className="align-right">
                    {localNumber(parameter.value, language)}{' '}
                    {t(`unit.${parameter.unit}` as 'unit.days', { defaultValue: parameter.unit })}
                  </td>
                  <td className="muted">{local(parameter.source)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <p className="muted section-note">{t('obligation.from_pack', { pack: pack.id })}</p>
    </Section>
  );
}

function Verdicts({ obligation }: { obligation: Obligation }) {
  const { t } = useLanguage();
  const [{ state, agency }, setParams] = useParamsState('state', 'agency');
  const query = useVerdicts({ obligation: obligation.id, state, agency });
  const overview = useOverview();
  const agencies = useAgencies();
  const counts = useMemo(
    () =>
      (overview.data?.cells ?? [])
        .filter((cell) => cell.obligation === obligation.id && (!agency || cell.agency === agency))
        .reduce((sum, cell) => addCounts(sum, cell.counts), noCounts),
    [overview.data, obligation.id, agency],
  );
  return (
    <Section title={t('obligation.verdicts')}>
      <div className="filters">
        <StateFilter value={state} counts={counts} onChange={(next) => setParams({ state: next })} />
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            aria-label={t('filter.agency')}
            className="filter-wide"
            allowClear
            placeholder={t('filter.all_agencies')}
            value={agency ?? null}
            onChange={(next) => setParams({ agency: next ?? undefined })}
            options={agencies.data?.map((each) => ({ value: each.id, label: each.name }))}
          />
        ) : null}
      </div>
      <VerdictTable
        query={query}
        empty={
          state || agency
            ? t('verdicts.empty_filtered')
            : obligation.check === 'record'
              ? t('obligation.no_record')
              : t('obligation.no_subject')
        }
      />
    </Section>
  );
}
