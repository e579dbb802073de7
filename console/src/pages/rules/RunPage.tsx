// One run, at an address that can be sent to a colleague.
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useRun } from '~/api/runs';
import type { RuleRun } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Page } from '~/ui/Page';
import { RunView } from './RunView';
import { useRunTitle } from './useRunTitle';
import './rules.css';

export default function RunPage() {
  const { t } = useLanguage();
  const { run: id = '' } = useParams();
  const navigate = useNavigate();
  const query = useRun(id);
  const title = useRunTitle();
  const run = query.data;
  return (
    <Page
      title={run ? `${t(run.keep ? 'runs.hunt' : 'runs.bench')}: ${title(run)}` : t('runs.one')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
          <Link to="/rules/runs">{t('runs.tab')}</Link>
        </nav>
      }
      extra={
        run?.yaml ? (
          <MayButton action="rule_manage" onClick={() => navigate(`/rules/new?run=${id}`)}>
            {t('runs.reopen')}
          </MayButton>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(data) => {
          const rule = exceptable(data);
          return rule ? (
            <RunView
              run={data}
              onException={(filter) =>
                navigate(`/rules/${encodeURIComponent(rule)}?${new URLSearchParams({ exception: filter })}`)
              }
            />
          ) : (
            <RunView run={data} />
          );
        }}
      </Loaded>
    </Page>
  );
}

// An exception belongs to one saved rule.
const exceptable = (run: RuleRun): string | undefined =>
  !run.bench && run.rules.length === 1 ? run.rules[0]?.id : undefined;
