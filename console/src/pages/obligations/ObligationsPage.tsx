// All duties of the regulation in its own order, with how each stands.
import { Select } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useOverview, useRegulation } from '~/api/queries';
import type { Obligation, Pack } from '~/api/types';
import { useLanguage } from '~/i18n';
import { fold, formatDate, formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateFilter } from '~/ui/StateFilter';
import { StateCounts, StateTag } from '~/ui/StateTag';
import { isState, noCounts, worstState } from '~/ui/state';
import { useChapterName } from '~/ui/useChapterName';
import { chaptersOf } from './chapters';
import { countsByObligation } from './Spine';
import './obligations.css';

const kinds = ['measured', 'enforced', 'recorded', 'attested'] as const;

export default function ObligationsPage() {
  const { t, local, language } = useLanguage();
  const [{ q, state, evidence }, setParams] = useParamsState('q', 'state', 'evidence');
  const regulation = useRegulation();
  const overview = useOverview();
  const counts = useMemo(() => countsByObligation(overview.data?.cells ?? []), [overview.data]);
  const pack = regulation.data;
  const keep = (obligation: Obligation) => {
    const text = fold(
      `${obligation.id} ${local(obligation.reference)} ${local(obligation.title)} ${local(obligation.requirement)}`,
    );
    const words = fold(q ?? '').split(/\s+/);
    return (
      words.every((word) => text.includes(word)) &&
      (!isState(state) || (counts.get(obligation.id) ?? noCounts)[state] > 0) &&
      (!evidence || obligation.evidence.includes(evidence as (typeof kinds)[number]))
    );
  };
  return (
    <Page
      title={t('nav.obligations')}
      lead={
        pack
          ? `${local(pack.title)}. ${t('obligation.in_force', { date: formatDate(pack.valid_from), number: formatNumber(pack.obligations.length, language) })}`
          : undefined
      }
      updatedAt={overview.dataUpdatedAt}
    >
      <div className="filters">
        <SearchInput
          value={q ?? ''}
          onChange={(next) => setParams({ q: next })}
          label={t('obligation.search')}
        />
        <StateFilter value={state} onChange={(next) => setParams({ state: next })} />
        <Select
          aria-label={t('obligation.evidence')}
          className="filter-narrow"
          allowClear
          placeholder={t('obligation.any_evidence')}
          value={evidence ?? null}
          onChange={(next) => setParams({ evidence: next ?? undefined })}
          options={kinds.map((kind) => ({ value: kind, label: t(`evidence_kind.${kind}`) }))}
        />
      </div>
      <Loaded query={regulation} rows={12}>
        {(data) => <ObligationList pack={data} keep={keep} counts={counts} />}
      </Loaded>
    </Page>
  );
}

interface ListProps {
  pack: Pack;
  keep: (obligation: Obligation) => boolean;
  counts: ReturnType<typeof countsByObligation>;
}

function ObligationList({ pack, keep, counts }: ListProps) {
  const { t, local } = useLanguage();
  const chapterName = useChapterName(pack.chapters);
  const chapters = chaptersOf(pack, keep);
  if (chapters.length === 0) return <EmptyState why={t('obligation.none_found')} />;
  return chapters.map((chapter) => (
    <section key={chapter.name} className="chapter" aria-label={chapterName(chapter.name)}>
      <h2>{chapterName(chapter.name)}</h2>
      {chapter.articles.map(({ article, obligations }) => (
        <article key={article.number} className="article">
          <h3>
            <span>{local(article.label)}</span> {local(article.title)}
          </h3>
          <ul className="obligation-rows">
            {obligations.map((obligation) => {
              const own = counts.get(obligation.id) ?? noCounts;
              const worst = worstState(own);
              return (
                <li key={obligation.id} className={worst ? `state-${worst}` : ''}>
                  <Link to={`/obligations/${obligation.id}`}>{local(obligation.title)}</Link>
                  <span className="obligation-meta">
                    <span>{local(obligation.reference)}</span>
                    <span>
                      {t(`holder.${obligation.holder}` as 'holder.staff', {
                        defaultValue: obligation.holder,
                      })}
                    </span>
                    <span>
                      {t(`cadence.${obligation.cadence}` as 'cadence.weekly', {
                        defaultValue: obligation.cadence,
                      })}
                    </span>
                  </span>
                  <span className="obligation-counts">
                    <StateCounts counts={own} />
                  </span>
                  <span className="obligation-state">
                    {worst ? (
                      <StateTag state={worst} />
                    ) : (
                      <span className="muted">{t('obligation.not_judged')}</span>
                    )}
                  </span>
                </li>
              );
            })}
          </ul>
        </article>
      ))}
    </section>
  ));
}
