// All verdicts, filtered by state, article, agency; where the home's numbers lead.
import { Select } from 'antd';
import { useAgencies, useRegulation, useVerdicts } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { compareArticles } from '~/ui/format';
import { Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateFilter } from '~/ui/StateFilter';
import { VerdictTable } from './VerdictTable';

export default function VerdictsPage() {
  const { t, local } = useLanguage();
  const [{ state, article, agency }, setParams] = useParamsState('state', 'article', 'agency');
  const query = useVerdicts({ state, article, agency });
  const regulation = useRegulation();
  const agencies = useAgencies();
  const filtered = Boolean(state || article || agency);
  return (
    <Page title={t('verdicts.title')} lead={t('verdicts.lead')} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        <StateFilter value={state} onChange={(next) => setParams({ state: next })} />
        <Select
          aria-label={t('home.article')}
          className="filter-wide"
          allowClear
          placeholder={t('filter.all_articles')}
          value={article ?? null}
          onChange={(next) => setParams({ article: next ?? undefined })}
          options={[...(regulation.data?.articles ?? [])]
            .sort((a, b) => compareArticles(a.number, b.number))
            .map((each) => ({ value: each.number, label: `${local(each.label)}. ${local(each.title)}` }))}
        />
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
        showObligation
        empty={filtered ? t('verdicts.empty_filtered') : t('verdicts.empty')}
      />
    </Page>
  );
}
